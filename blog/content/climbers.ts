import type { Article } from "./article.ts";
import { prose } from "./prose.ts";

/** Plants that hold on, to rise or to stay up, and one whose leaves hold others. */
export const climbers: readonly Article[] = [
	{
		title: "Ivy Writes with Its Own Ink",
		excerpt: "How a root becomes an anchor in four steps, and what that does to your wall.",
		author: "Maya Okonkwo",
		tags: ["climbers", "gardening"],
		publishedAt: "2026-01-08T08:00:00Z",
		body: prose`
			Pull a shoot of ivy off a board and it leaves rows of brown commas behind. They are the
			feet of its climbing roots, and they hold so well that a splinter often comes off before
			they do.

			The root goes about it in steps. First it makes contact and grows along the surface,
			fitting itself to every bump. Then it puts out root hairs and a yellowish glue, in which
			very small round particles swim, made of proteins and sugars. They are tiny enough to
			run into pores where a thicker glue would stop. As the glue dries it hardens,
			cross-linked with the walls of the hairs. Last, the hairs themselves dry out: they
			shrink and twist into hooks and so pull the root tighter against whatever crack they
			have entered. Only when all four steps are done does it carry a load.

			Now for the question that I am asked at every garden gate: does ivy ruin walls? On sound
			masonry, no. Measurements on old walls in England have found that the cover of leaves
			keeps off frost, rain and soot, and that the wall beneath has smaller swings in
			temperature. On walls that are cracked already, yes. A root that finds a gap with damp
			soil in it stops being a foot and becomes a real root, and that one grows thick. So look
			at the mortar first. And cut ivy at the gutter every year, because it thinks that roof
			tiles are bark.
		`,
		remarks: [
			{
				author: "Anneke",
				at: "2026-01-09T09:11:00Z",
				body: "Brown commas! I have been trying to scrub punctuation off my front door for a year.",
			},
			{
				author: "Colin",
				at: "2026-01-10T14:52:00Z",
				body: "Stonemason here. I agree with the gutter rule, and I'd add chimneys to it.",
			},
		],
	},
	{
		title: "The Tendril That Turns Both Ways",
		excerpt: "Why every coiled tendril has a place where it changes its mind.",
		author: "Ines Halvorsen",
		tags: ["climbers", "history"],
		publishedAt: "2026-02-05T08:00:00Z",
		body: prose`
			A tendril begins as a feeler. It grows straight, and its tip swings round in slow, wide
			circles until it touches something. Then one side grows faster than the other, and in an
			hour or so the tip has bent round the support; in a passion flower you can watch it
			happen over a cup of tea. After that the part between plant and support winds itself
			into a spring and draws the stem closer.

			Look at that spring. Somewhere along it there is a short straight piece, and beyond it
			the coils run in the other direction. It can't be otherwise. Both ends are fixed, so for
			each turn to the left there has to be one to the right, or the tendril would have to
			twist itself off. You can try it with a telephone cord, if you still have one. Charles
			Darwin described this reversal in his book on climbing plants and gave just that
			explanation.

			He also saw what it is good for. A stiff tendril would snap in the first gale, a coil
			gives and comes back. He went out in a storm to look at a bryony in an exposed hedge,
			and wrote that it rode the wind like a ship with two anchors down and a long length of
			cable. And he hung weights from the sticky pads of an old Virginia creeper: a single
			side branch of one tendril, ten years old or more, still bore two pounds.

			Much of the watching was done while he was ill, with the pots standing in his room. That
			is a comfort to all of us who do their field work at the kitchen table.
		`,
		remarks: [
			{
				author: "Lucie",
				at: "2026-02-05T20:00:00Z",
				body: "Checked every tendril on my cucumbers. Some have two reversals, one has three. Always an even count left and right?",
			},
			{
				author: "Ines Halvorsen",
				at: "2026-02-06T07:15:00Z",
				body: "The turns balance, whatever the number of reversals. More than one is common.",
			},
		],
	},
	{
		title: "Roses Have No Thorns, and Rattans Have Grapnels",
		excerpt: "Climbing by hook needs no grip, only friends who stand upright.",
		author: "Ines Halvorsen",
		tags: ["climbers", "hooks"],
		publishedAt: "2026-03-05T08:00:00Z",
		body: prose`
			First the pedantry. A thorn is a changed branch, a spine is a changed leaf, and what a
			rose has is neither. It is a prickle, an outgrowth of the skin. That is why you can snap
			it off sideways with your thumb and find a clean, flat scar with no wood in it.

			The bend of the prickle gives away its second use. It points down and backwards. A long
			rose shoot is too limp to stand, so it grows up through other shrubs and lies on them.
			When it slips it catches, as a ladder catches on a sill. In a garden we tie climbing
			roses to the wall, because we have taken away the shrubs that they had in mind.

			Rattans have taken the principle further than anyone else. They are climbing palms of
			tropical forests, and from the end of the leaf, or from the sheath, many of them send
			out a whip several metres long, set with rings of backward claws like a row of grapnels.
			The whip sways about until it hooks something; the shoot keeps growing and is held from
			above. If the support breaks, the stem slides down in loops and starts again. In this
			way some species come to stems of well over a hundred metres, longer than nearly every
			tree is tall. The cane chairs of the world are made of them.

			In Queensland people call such a palm wait-a-while. You walk into a whip, it takes you
			by the sleeve, and pulling makes matters worse. Step back, and it lets go.
		`,
		remarks: [
			{
				author: "Bruce",
				at: "2026-03-06T03:28:00Z",
				body: "Can confirm. Also known as lawyer vine: once it has its hooks in you it won't let go until it has drawn blood.",
			},
		],
	},
	{
		title: "Bean Leaves Against Bedbugs",
		excerpt:
			"An old household remedy from the Balkans turned out to be a trap of microscopic hooks.",
		author: "Jonas Lindqvist",
		tags: ["hooks", "insects", "history"],
		publishedAt: "2026-03-30T08:00:00Z",
		body: prose`
			In houses of the Balkans that were troubled by bedbugs people used to strew the floor
			beside the bed with leaves of the common bean. In the morning the leaves were swept up,
			with the bugs on them, and burnt. The practice was written down in the first half of the
			twentieth century, a study of the 1940s looked at it through a microscope, and then came
			cheap insecticides and nobody needed leaves any longer.

			When bedbugs came back, resistant to many poisons, the leaves came back into the
			laboratory. A paper of 2013 shows what happens. The underside of a bean leaf is covered
			with hooked hairs, much less than a millimetre high, which your finger feels as a slight
			roughness. A bug walks over them, and within seconds a foot is caught. It struggles,
			which only brings the other legs into reach. The hooks don't merely hold: they pierce
			the thin skin at the joints of the foot and stay in it.

			The researchers then cast copies of the leaves in plastic, true to the hooks in shape.
			The bugs stumbled on these copies, but they were not impaled. A real hair is hollow, its
			tip is sharp in a way that the moulds did not quite repeat, and it bends and twists at
			its base. Form alone was not enough; it had to be the right form in the right material.

			That is a lesson I would hang over the door of every workshop that copies nature. And
			should you ever be in need: put the leaves down with the underside up.
		`,
		remarks: [
			{
				author: "Mirjana",
				at: "2026-03-30T17:21:00Z",
				body: "My great-grandmother did this near Niš. We were told it was a fairy tale.",
			},
			{
				author: "Dev",
				at: "2026-04-01T08:08:00Z",
				body: "Hooks that wait until somebody walks by and then act. There is a software joke in there.",
			},
		],
	},
	{
		title: "Mistletoe and the Problem of Falling Off",
		excerpt: "A seed that lands on the ground is lost, so it comes with glue.",
		author: "Jonas Lindqvist",
		tags: ["seeds", "animals"],
		body: prose`
			Most seeds want to reach the ground. For mistletoe the ground is the end. It has to
			germinate on a living branch, high up, on bark that is often smooth and steep, and it
			has to stay there through rain and frost until it has grown in. That takes months.

			So the seed is wrapped in viscin, a jelly of long, tough threads. Squeeze a white berry
			in winter and you can pull the threads out between finger and thumb to many times the
			length of the berry; when they dry they set hard. Birds do the rest. A mistle thrush
			swallows berries whole, and the seeds come out at the other end in strings that dangle
			from twigs like beads. A blackcap eats only the skin and pulp and wipes the sticky seed
			off its beak, which puts it right where it should be: against bark.

			For centuries the same threads were boiled down to make birdlime, in which small birds
			were caught. The Romans already had a saying for it: the thrush, they said, makes its
			own misfortune. The Latin name of the plant, Viscum, gave us the word viscous.

			Still to do for this draft: a photograph of the threads, and a word on the dwarf
			mistletoes of America, which don't need birds because they shoot their seeds, glue and
			all, at the next tree.
		`,
		remarks: [],
	},
];
