import type { Article } from "./article.ts";
import { prose } from "./prose.ts";

/** Fruits that hold on to whoever passes. */
export const burrs: readonly Article[] = [
	{
		title: "The Burr That Started It",
		excerpt: "Burdock spends a year doing nothing much, and then it travels.",
		author: "Ines Halvorsen",
		tags: ["burrs", "hooks", "seeds"],
		publishedAt: "2026-01-05T08:00:00Z",
		featured: true,
		cover: "burr.webp",
		body: prose`
			In its first year a burdock is a rosette of leaves, some of them as long as your
			forearm, pressed against the ground like dropped umbrellas. People who know nothing else
			about it know it as a nuisance in the lawn. All that time it is filling a taproot that
			may go down a metre. In the second year it spends everything at once: a branched stem,
			taller than many people, with dozens of purple flower heads that look like small
			thistles.

			The heads are where the interest lies. Around the florets stand rings of narrow bracts,
			and each bract ends in a hook, bent inwards at the tip and springy. While the plant is
			in flower the hooks are green and soft. By September they are dry and stiff, and the
			stalk under the head has become brittle. A passing fox touches the ball with a flank,
			the hooks find hair, and the whole head comes away. The fox carries a bag of several
			dozen fruits with it, and they spill out one by one as the head is scratched, rolled
			upon and chewed apart.

			Notice the division of labour. The single fruit has only a tuft of short, brittle
			bristles and would not get far. The hooks belong to the package. Plants with hooks on
			every fruit scatter them singly along the way; burdock posts the parcel and leaves the
			unpacking to the receiver. The plant itself is dead by then. It flowers once.
		`,
		remarks: [
			{
				author: "Greta",
				at: "2026-01-05T18:12:00Z",
				body: "I have dug at those taproots for three summers. A metre is not an exaggeration.",
			},
			{
				author: "Paul M.",
				at: "2026-01-06T07:40:00Z",
				body: "Never noticed that the hooks are on the bracts and not on the seeds. Went out to check: you are right, of course.",
			},
		],
	},
	{
		title: "Two Teeth: How Beggarticks Hold On",
		excerpt: "A barb is not a hook. It goes in easily and doesn't come out.",
		author: "Ines Halvorsen",
		tags: ["burrs", "seeds", "field notes"],
		publishedAt: "2026-01-19T08:00:00Z",
		body: prose`
			Walk along a ditch in October and look at your knees. The flat brown splinters that
			stand in the cloth, all at the same angle, are fruits of a bur-marigold. Botanists call
			the genus Bidens, two teeth, after the pair of stiff bristles at the top of each fruit.
			Some species have three or four, which has not changed the name.

			Under a hand lens the bristles are not smooth. They carry barbs that point backwards,
			towards the body of the fruit, like those of a harpoon. That makes a different tool from
			a hook. A hook needs a loop of fibre and holds by going round it. A barb needs only a
			gap: it slides in between threads or hairs, and every movement of the cloth works it
			deeper, because it can move in one direction and not in the other. You can't brush
			beggarticks off. You have to pull each one out by its thick end, against the grain of
			its teeth.

			The delivery is well arranged, too. The ripe head spreads into a loose ball with all
			bristles facing outwards, so that whatever comes by meets points from every side. The
			plants stand at the edge of water, where animals come to drink and ducks go ashore. I
			have counted forty-one fruits on one sock after a survey of twenty metres of bank. I let
			thirty of them go in the car park, where they won't do well, and the rest I still find
			now and then in my boots.
		`,
		remarks: [
			{
				author: "Sam",
				at: "2026-01-20T20:31:00Z",
				body: "My children call them hitchhikers and collect them on purpose. Forty-one would be a weak result in this house.",
			},
		],
	},
	{
		title: "Devil's Claw: A Fruit for Large Feet",
		excerpt: "The grapple plant of the Kalahari skips hair altogether and takes the hoof.",
		author: "Jonas Lindqvist",
		tags: ["burrs", "hooks", "animals"],
		publishedAt: "2026-02-02T08:00:00Z",
		body: prose`
			Most clinging fruits weigh next to nothing, because what holds them is a hair. The fruit
			of Harpagophytum procumbens, the grapple plant of the dry sands of southern Africa, is
			another matter. It is woody, it can be wider than a hand, and its arms run out into
			several hooks each, curved back and as hard as claws. The generic name comes from the
			Greek word for a grappling iron. Nobody who has stepped on one finds the name
			far-fetched.

			A fruit like this doesn't wait to be brushed against. It lies on the ground among its
			trailing stems until something treads on it: an antelope, an ostrich, these days more
			often a cow or a goat. The arms close round the foot or grip between the toes of the
			hoof, and the animal walks on with it, sometimes for a long way. The seeds don't sit
			loose inside. The capsule opens slowly and lets them go a few at a time while it is
			trampled, so that the animal carries, threshes and sows in one go. Biologists have a
			plain name for the type: a trample burr.

			People know the plant for something else. It stores water in swollen side roots, and an
			extract of these is sold in pharmacies against aching joints. The same animal that limps
			because of the fruit might thus be treated with the root, which I mention only because
			every visitor to the herbarium makes the joke within a minute.
		`,
		remarks: [
			{
				author: "Nomsa",
				at: "2026-02-03T09:05:00Z",
				body: "We used to check the goats' feet every evening for these. You need pliers, and a calm goat.",
			},
			{
				author: "Greta",
				at: "2026-02-04T16:55:00Z",
				body: "That joke had in fact formed in my head by the second paragraph.",
			},
		],
	},
	{
		title: "Cocklebur: One Burr, Two Clocks",
		excerpt: "Inside every cocklebur sits a hasty seed and a patient one.",
		author: "Ines Halvorsen",
		tags: ["burrs", "seeds", "field notes"],
		publishedAt: "2026-02-16T08:00:00Z",
		body: prose`
			Cut a cocklebur in half lengthwise and you find two chambers, a seed in each. They look
			alike, one a little larger than the other. They don't behave alike. The larger one
			usually germinates in the first suitable spring. The smaller stays asleep, and may wait
			a year or longer before it follows.

			It is a neat hedge. Cockleburs live on river gravel, drained ponds and field edges,
			places that are excellent in one year and under water in the next. A plant that staked
			all its seeds on a single spring would be wiped out now and then. By sending them out in
			pairs, with different clocks, it never has everything on the table. The hooks make sure
			that the two end up in the same spot, and the delay makes sure that they seldom compete
			there.

			The outside of the burr is a thicket of hooked spines, tight enough that people take it
			for an example of what inspired hook-and-loop tape; that honour belongs to burdock. In
			the cocklebur the armour is closed: it opens only when it rots or when a seedling splits
			it. The whole thing also floats, and rivers have taken it at least as far as sheep have.

			A warning for those who keep animals. The seeds and the seedlings, at the stage when the
			two first leaves are open, contain a poison that is dangerous to pigs, calves and
			others. Older plants are far less of a risk. If a pond bank turns green with cocklebur
			seedlings in May, that is the time to put up a fence.
		`,
		remarks: [
			{
				author: "Henrik",
				at: "2026-02-17T06:48:00Z",
				body: "Tried it with ten burrs in damp sand. Eight gave one seedling each, two gave none, none gave two. I keep the pot.",
			},
			{
				author: "Ines Halvorsen",
				at: "2026-02-17T19:20:00Z",
				body: "Keep it for two springs, please, and tell us. Ten burrs are a small sample and a good start.",
			},
		],
	},
	{
		title: "Goosegrass, the Plant That Leans",
		excerpt: "No tendrils, no twining, a stem you can tear with two fingers, and yet it climbs.",
		author: "Maya Okonkwo",
		tags: ["climbers", "hooks", "gardening"],
		publishedAt: "2026-03-02T08:00:00Z",
		body: prose`
			Every hedge I have looked after has had goosegrass in it. Galium aparine, cleavers,
			sticky willy: the many names tell you how many people have worn it. It germinates in
			autumn or early spring, and by June it hangs in the hawthorn at head height, although
			its stem is too weak to hold up a fraction of that length.

			It climbs by leaning and not slipping. The square stem has short, stiff hooks on its
			edges that point downwards, so it can be pushed up through a hedge and can't slide back.
			The leaves are cleverer. Their upper and lower sides bear hooks of different shape and
			direction, and the result, when leaves of neighbours touch in the wind, is that
			goosegrass ends up lying on top. It doesn't hold its leaves to the light; it lets others
			hold them.

			The round fruits, in pairs, are covered with hooked bristles, too, and these are the
			ones you pick off the dog. They belong to the family of coffee, and people have roasted
			and brewed them in hard times. I have tried it. It tastes of burnt toast and of effort.

			In the garden there is only one rule: pull it before it sets fruit. It comes away in
			long curtains, with hardly a root on it, and it clings to itself so well that you can
			roll it up like a carpet. Wear sleeves; the hooks leave red lines on bare arms. And let
			geese have some. That part of its reputation is true.
		`,
		remarks: [
			{
				author: "Anneke",
				at: "2026-03-02T21:14:00Z",
				body: "Rolling it up like a carpet is the best gardening advice I have had this year.",
			},
			{
				author: "Tobias Reuter",
				at: "2026-03-03T08:02:00Z",
				body: "A ratchet with no moving parts. I would like to draw the load path of one of those leaves.",
			},
		],
	},
];
