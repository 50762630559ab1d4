import type { Article } from "./article.ts";
import { prose } from "./prose.ts";

/** Living with things that cling. */
export const garden: readonly Article[] = [
	{
		title: "Growing Burdock for the Kitchen",
		excerpt:
			"In Japan the weed is a vegetable, and a good one. It wants depth and an early harvest.",
		author: "Maya Okonkwo",
		tags: ["gardening", "burrs"],
		publishedAt: "2026-01-29T08:00:00Z",
		body: prose`
			Gobo is the root of the greater burdock, grown like a carrot and much longer. It tastes
			of earth and artichoke, with a crunch that survives cooking. In Japan it is cut into
			matchsticks and fried with carrot, soy sauce and sesame. I grow a few every year, for
			the flavour and for the faces of my neighbours.

			Buy seed of a kitchen variety; wild roots branch and turn to wood early. Soak it
			overnight and sow in spring, as soon as the soil is no longer cold, and only just cover
			it, since it comes up better with some light. Thin the row to a hand's breadth.

			The one real demand is depth. A good root is as thick as a thumb and as long as your
			arm, and on my clay that is not going to happen. So I cheat: I stand a drainpipe on end,
			a metre long and wide enough for a fist, fill it with sand and old compost, and sow
			three seeds at the top. In autumn I lay the pipe on its side and push the root out like
			toothpaste. Nobody has to dig.

			Harvest in the first autumn and winter. In the second year the plant sends its savings
			up into the flower stalk; what is left below is a stick, and what is above will be in
			your dog by September.

			Scrub the root with the back of a knife and don't peel it, for the taste is in the skin.
			Cut pieces turn brown within minutes. A bowl of water with a dash of vinegar stops that.
		`,
		remarks: [
			{
				author: "Kenji",
				at: "2026-01-30T09:09:00Z",
				body: "Please also try it in miso soup with pork. And yes, never peel it, my mother would say the same.",
			},
			{
				author: "Greta",
				at: "2026-01-31T17:17:00Z",
				body: "The drainpipe! I have a spare one. My taproots and I may yet make peace.",
			},
		],
	},
	{
		title: "How to Get Burrs Out of a Dog",
		excerpt: "Slowly, from the outside, with oil. And look between the toes.",
		author: "Maya Okonkwo",
		tags: ["burrs", "animals", "gardening"],
		publishedAt: "2026-02-26T08:00:00Z",
		cover: "dog.webp",
		body: prose`
			I own a dog with the coat of a bath mat and live beside a waste ground full of burdock.
			What follows has been tested.

			Do it the same day. A burr wanders inwards with each roll on the carpet, and after a
			night it is the core of a knot. Start while the dog is tired and the light is good.

			Don't pull at the burr. Hold the hair between burr and skin with one hand, so that
			nothing tugs, and with the other take the burr apart from the outside, a few hooks at a
			time. It is made of many small pieces and gives up quickly once it has been opened. A
			pair of pliers helps: crush it, and the hooks lose their common footing. A drop of
			cooking oil or hair conditioner, worked in with the fingers, makes the rest slide. Then
			comb, from the tips towards the roots. Scissors come last, and then with a comb laid
			flat between blade and skin, because skin is drawn up into knots and is easily cut.

			Look into the ears, under the collar, in the armpits and between the toes. Burdock is
			merely a nuisance there. What you are really looking for are the awns of wild barley and
			other grasses. They are barbed and move in one direction only, which can be into the ear
			or through the skin. A dog that shakes its head without stopping or licks one paw all
			evening belongs at the vet's.

			Prevention is simple. Cut the burdock in July, when the heads are still green and soft,
			and put it in the bin, not on the heap.
		`,
		remarks: [
			{
				author: "Anneke",
				at: "2026-02-26T19:38:00Z",
				body: "Conditioner was the missing piece. We have peace in the house and a dog that smells of coconut.",
			},
			{
				author: "Dr. Farouk",
				at: "2026-02-27T07:04:00Z",
				body: "As a vet: thank you for the line about grass awns. July is full of them, and a day earlier makes the difference.",
			},
			{
				author: "Paul M.",
				at: "2026-02-28T15:26:00Z",
				body: "Does the pliers trick work on wool jumpers, too?",
			},
			{
				author: "Maya Okonkwo",
				at: "2026-02-28T18:00:00Z",
				body: "It does. Leave out the oil.",
			},
		],
	},
	{
		title: "A Key to the Things in Your Socks",
		excerpt: "Sit down on a gate, take off a boot, and answer four questions.",
		author: "Ines Halvorsen",
		tags: ["field notes", "burrs", "seeds"],
		body: prose`
			This is meant to become a key for the lowlands of northern Europe. It works so far on
			eleven pairs of socks, all mine. Please test it and complain.

			**1. Is it a ball?** If it is as large as a cherry or larger and falls to pieces when
			you press it, it is a head of burdock. If it is smaller than a peppercorn, with another
			one beside it, it is goosegrass. If it is pea-sized, and hooked only at its upper end,
			with grooves running down to the stalk, it is agrimony.

			**2. Is it flat, with bristles at one end?** Two to four bristles with barbs, and the
			shape of a narrow wedge: bur-marigold. You have been near water, and your boots will
			know.

			**3. Is it a needle?** A straight awn with a pointed grain at its end is one of the
			grasses, most often wall barley. Pull it out in the direction in which it is travelling.
			If the awn is coiled like a spring, it is a stork's-bill, and you can entertain your
			company with it, see the post on a seed that drills.

			**4. Is it a bean-shaped scrap with fine, soft hooks that you can only feel with the
			lip?** Enchanter's nightshade, from a shady path. It is covered in white, hooked hairs
			and no larger than a grain of rice.

			Missing so far: hound's-tongue, wood avens, and the thing from the railway yard that
			nobody has been able to name. It is in an envelope on my desk.
		`,
		remarks: [
			{
				author: "Jonas Lindqvist",
				at: "2026-04-15T09:45:00Z",
				body: "Comment on the draft: bring the envelope on Thursday. I bet on a bur-parsley.",
			},
		],
	},
];
