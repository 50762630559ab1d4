import type { Article } from "./article.ts";
import { prose } from "./prose.ts";

/** Seeds that get about without hooks. */
export const travellers: readonly Article[] = [
	{
		title: "A Seed That Drills",
		excerpt: "Stork's-bill turns the daily change of damp and dry into a screwdriver.",
		author: "Ines Halvorsen",
		tags: ["seeds", "field notes"],
		publishedAt: "2026-01-12T08:00:00Z",
		body: prose`
			The seed of stork's-bill has a tail. As long as it is dry, the lower part of this tail
			is wound up like a corkscrew, five or more turns, with a straight bristle sticking out
			at the side. Put it on your palm and breathe on it. Within a minute the coil starts to
			unwind, and the seed turns like the hand of a clock.

			The tail is dead. It has no muscle and no fuel. It moves because the walls of its cells
			swell when they take up water and shrink when they give it off, and because the stiff
			fibres in those walls are laid at a slant, so that swelling becomes turning. Each damp
			night unwinds it, each dry noon winds it up again.

			On the ground the side bristle catches on a grass stem or a pebble and can't go round.
			So the seed goes round instead. Its tip is sharp, it is covered with hairs that point
			backwards, and with each cycle of the weather it is worked a little further into the
			soil. What drives it is nothing but the difference between morning and afternoon.

			It begins its life with a jump. The five seeds of a flower grow round a common beak, and
			as that dries the tails strain to coil. When the tension is high enough they tear loose,
			and the seeds are thrown half a metre or so. So this is a plant with a spring, a motor
			and a drill, and not one living part in any of them.
		`,
		remarks: [
			{
				author: "Lucie",
				at: "2026-01-12T17:30:00Z",
				body: "Did this with a class of nine-year-olds and a wet sponge. Complete silence for four minutes.",
			},
			{
				author: "Paul M.",
				at: "2026-01-14T11:09:00Z",
				body: "How does it stop drilling once it is deep enough?",
			},
			{
				author: "Ines Halvorsen",
				at: "2026-01-14T18:22:00Z",
				body: "It stays damp down there, so the cycle stops. And sooner or later the tail breaks off.",
			},
		],
	},
	{
		title: "Paying Ants in Fat",
		excerpt:
			"Violets, snowdrops and thousands of others hire ants. The wage is attached to the seed.",
		author: "Jonas Lindqvist",
		tags: ["seeds", "insects", "animals"],
		publishedAt: "2026-01-26T08:00:00Z",
		body: prose`
			Some seeds come with a packed lunch. On the seed of a violet there is a small, pale lump
			that has no use for the seedling. It is called an elaiosome, an oil body, and it is
			there to be eaten by somebody else.

			An ant that finds the seed treats it somewhat as it would treat a dead insect, and for a
			good reason: the fatty acids in the lump resemble those in insect prey. It takes hold of
			the handle so conveniently provided and drags the seed home. In the nest the lump is
			chewed off and fed to the larvae. What is left is hard, smooth and of no further
			interest, so it is carried out to the rubbish heap or left in an empty chamber.

			That is just what the plant needs. The heap is loose and richer than the soil around it,
			the seed lies out of sight of mice and birds, and it has moved away from its mother. The
			distance is modest, often only a metre or two. For a plant that grows on the floor of a
			wood, where there is no wind and little large traffic, this is a good offer.

			Botanists know the bargain from more than eleven thousand species of flowering plants,
			and it has been invented over and over again, in families that have nothing else in
			common. If violets come up in the joints of your terrace steps, a place where nobody
			would have planted them, look for the ants.
		`,
		remarks: [
			{
				author: "Maya Okonkwo",
				at: "2026-01-26T20:45:00Z",
				body: "This explains the cyclamen in my gravel path, in a straight line along the edge stones.",
			},
		],
	},
	{
		title: "The Hole That Carries a Dandelion",
		excerpt: "A parachute made mostly of nothing flies steadier than one made of cloth.",
		author: "Tobias Reuter",
		tags: ["seeds", "engineering"],
		publishedAt: "2026-02-09T08:00:00Z",
		featured: true,
		body: prose`
			A dandelion seed hangs below a ring of about a hundred bristles. Anyone who has sat an
			examination in fluid mechanics should be troubled by that. More than nine tenths of the
			disc is empty. Air should rush through it, and yet the seed sinks as gently as if most
			of the disc were filled, and without the swinging of a closed one.

			In 2018 a group in Edinburgh put seeds into a small vertical wind tunnel, with the air
			rising as fast as the seed would fall, and made the flow visible. Above the bristles
			they found a ring of turning air, like a smoke ring. Unlike a smoke ring it stays where
			it is, a little above the disc and attached to nothing. The pressure inside is low, and
			the seed hangs from it.

			The trick is in the gaps. At this size air is sluggish, and each bristle drags a thick
			sleeve of it along. The sleeves nearly touch, so only a little air gets through between
			them. That little is enough to keep the ring steady. Make the disc tighter, and the
			vortex is shed and the seed starts to tumble; make it more open, and there is no ring to
			hang from. The dandelion sits at the useful point between the two.

			There is a control as well. In damp weather the bristles fold up, and the seed stays at
			home. It opens for travel when the air is dry, and that is often when there is wind
			worth taking.
		`,
		remarks: [
			{
				author: "Dev",
				at: "2026-02-09T12:00:00Z",
				body: "I have a degree in this and had never asked myself the question. Thank you, and also: ouch.",
			},
			{
				author: "Lucie",
				at: "2026-02-10T07:25:00Z",
				body: "So blowing on them on a wet morning is cheating. I knew it.",
			},
		],
	},
	{
		title: "Why Maple Keys Spin",
		author: "Tobias Reuter",
		tags: ["seeds", "engineering"],
		publishedAt: "2026-02-23T08:00:00Z",
		cover: "maple-keys.webp",
		body: prose`
			Hold a maple key by its wing and let it drop. It falls like a stone for the length of an
			arm, then it flicks over and begins to spin, and from then on it comes down at a walking
			pace. Nobody threw it into a spin. The shape does that by itself.

			Two things are needed. The weight must sit at one end, and the wing must have a thick
			front edge and a thin back edge. In the maple the nut is the weight, and the veins of
			the wing are gathered along one side. As the key falls, the air pushes at the middle of
			the wing while gravity pulls at the nut; the wing tilts, slides forwards and is carried
			round. The path it sweeps is a full disc, far larger than the wing itself.

			There is more to it than being a propeller. When models of maple keys were studied in a
			tank of oil, and real ones in a wind tunnel, a small tornado turned out to lie along the
			front edge of the wing. It sucks the wing upwards and gives it more lift than a blade at
			such a steep angle should have. Bats, insects and hummingbirds hold themselves up in the
			same manner. A tree got there with a part that is dry and dead when it does its work.

			The gain is time. A key that needs four times as long to fall is carried four times as
			far by the same wind. For a tree with a crown of ten metres that is the difference
			between its own shade and somebody else's meadow.
		`,
		remarks: [
			{
				author: "Henrik",
				at: "2026-02-23T18:03:00Z",
				body: "If you cut a strip off the thin edge it still spins, if you cut the thick edge it doesn't. Five minutes with nail scissors.",
			},
			{
				author: "Tobias Reuter",
				at: "2026-02-24T06:50:00Z",
				body: "That is the right experiment. Now do it with the tip and time the fall.",
			},
		],
	},
	{
		title: "Do Not Touch: Fruits That Explode",
		excerpt: "Balsam, squirting cucumber and sandbox tree: three ways of storing a bang.",
		author: "Ines Halvorsen",
		tags: ["seeds", "field notes"],
		publishedAt: "2026-03-09T08:00:00Z",
		body: prose`
			The Latin name of the balsams is Impatiens, and the seed pod explains why. It is built
			of five strips under tension. When it is ripe, a touch is enough: the seams part, each
			strip curls up within a few thousandths of a second, and the seeds are hit rather than
			thrown. Himalayan balsam, the tall pink one along so many European rivers, sends them up
			to seven metres. It came to Britain as a garden plant in 1839 and has been leaving
			gardens ever since, seven metres at a time, and then with the current.

			The squirting cucumber of the Mediterranean works with pressure instead. The bristly
			fruit is pumped up with slimy juice until it comes off its stalk like a cork from a
			bottle, and seeds and juice are shot out through the hole. Keep your face away from the
			stalk end. The juice is poisonous and unpleasant in the eyes.

			The third is a tree of tropical America, Hura crepitans. Its woody fruit has the shape
			of a small pumpkin. It dries until the segments can't bear their own tension and bursts
			with a crack like that of a pistol; seeds have been found more than forty metres away.
			The unripe fruits, emptied, were once filled with sand for drying ink, hence the name
			sandbox tree. A collector who wanted to keep a ripe one had to tie it with wire.

			What they share is patience. Tension is stored over weeks and spent in an instant, and
			the plant has no say in the moment. You have, if you can keep your fingers to yourself.
		`,
		remarks: [
			{
				author: "Sam",
				at: "2026-03-09T19:44:00Z",
				body: "I can't, and I don't know anybody who can.",
			},
			{
				author: "Greta",
				at: "2026-03-11T08:16:00Z",
				body: "Pull balsam before it flowers, please, it has a root like a radish. After that every tug sows it.",
			},
		],
	},
	{
		title: "Sea Beans: A Year Adrift",
		excerpt: "Now and then the Atlantic delivers a seed the size of a biscuit to a cold beach.",
		author: "Jonas Lindqvist",
		tags: ["seeds", "history"],
		publishedAt: "2026-03-23T08:00:00Z",
		body: prose`
			After winter storms it is worth walking the tide line on the west coasts of Ireland,
			Scotland or Norway with your eyes down. Between the kelp and the bottle caps there may
			lie a brown, heart-shaped thing as large as a biscuit, smooth as a horse chestnut. It is
			the seed of Entada gigas, a liana that climbs along tropical rivers in the Americas and
			in Africa. Its pods are among the longest known, well over a metre. They break up into
			pieces, the pieces float down the river, and some reach the sea.

			The seed floats because there is a hollow in its middle, between the two halves of the
			embryo, and it survives because its coat lets no water in. Other drifters use corky
			tissue, or a husk of fibres like the coconut. More than a year at sea is no hardship.
			Sea beans picked up in Europe, filed through the coat and soaked, have grown into vines
			in greenhouses.

			The journey makes no sense for the plant, of course. Norway is no place for a tropical
			liana, and each seed that arrives is lost. But nobody steers. The few that drift ashore
			on a warm beach with a river nearby pay for all the others.

			On cold coasts the beans were treasured. People wore them as charms, made snuff boxes of
			them, and in the Hebrides women held one kind, marked with a cross, in their hands
			during childbirth. It had come through the sea unharmed. One can see why they thought
			that this might help.
		`,
		remarks: [
			{
				author: "Aoife",
				at: "2026-03-24T10:37:00Z",
				body: "Found one in Kerry in 1998 and it still lives in my coat pocket. Never thought of sowing it and won't.",
			},
		],
	},
];
