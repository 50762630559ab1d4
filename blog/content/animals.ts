import type { Article } from "./article.ts";
import { prose } from "./prose.ts";

/** Feet, wings and feathers that hold by small parts. */
export const animals: readonly Article[] = [
	{
		title: "Geckos Are Not Sticky",
		excerpt:
			"Touch the toe of a gecko, and it is dry and smooth. The grip is a matter of closeness.",
		author: "Jonas Lindqvist",
		tags: ["animals", "engineering"],
		publishedAt: "2026-01-15T08:00:00Z",
		body: prose`
			A gecko that runs across the ceiling uses neither glue nor suction, and it doesn't use
			hooks where there is nothing to hook into. Its toes feel dry. A dead gecko can still be
			hung on a pane of glass, and it hangs just as well where there is no air to press it on.

			Under a microscope each toe pad is a brush. A foot has around half a million bristles,
			and each bristle splits into hundreds of tips, flat at the end like spatulas and finer
			than the wavelength of light. Because there are so many of them and because they bend,
			they get close to the surface, really close, and at that distance any two things attract
			each other a little. The attraction goes by the name of van der Waals. For one tip it is
			next to nothing. For a billion tips it would carry the animal many times over.

			The harder question is how to let go. If a foot sticks so well, how can it be lifted a
			dozen times a second? By angle. The bristles hold when they are dragged along the
			surface and come off when they are tilted, so a gecko puts its foot down with a slight
			pull and takes it off by curling its toes upwards from the tip, as you would lift the
			corner of a tape. Grip is switched by direction. No force is wasted on tearing.

			Burrs and geckos are thus at the two ends of one scale. A hook is a single large contact
			that needs something rough. A gecko's foot is an army of tiny contacts that would rather
			have something smooth. Between the two there is a lot of room for inventors.
		`,
		remarks: [
			{
				author: "Nomsa",
				at: "2026-01-15T21:33:00Z",
				body: "Ours fall off the bathroom tiles when it is steamy. So there is a limit.",
			},
			{
				author: "Jonas Lindqvist",
				at: "2026-01-16T08:41:00Z",
				body: "There is. A film of water keeps the tips at a distance, and the coating of non-stick pans defeats them even when dry.",
			},
		],
	},
	{
		title: "The Zip in a Bee's Wing",
		excerpt: "Four wings fly as two, thanks to a row of about twenty hooks.",
		author: "Jonas Lindqvist",
		tags: ["insects", "hooks", "animals"],
		publishedAt: "2026-02-12T08:00:00Z",
		body: prose`
			A honeybee has four wings, but you wouldn't think so from the way she flies. On each
			side the front wing and the hind wing beat as one sheet. When she lands and folds them
			back, they slide over each other and take up less room, which matters to somebody who
			lives in a cell.

			The coupling is a row of hooks. Along the front edge of the hind wing stand about twenty
			of them, the hamuli, each a tiny bristle bent over like a crochet needle. The front wing
			has a fold along its rear edge. As the wings are spread, the front one sweeps over the
			hind one, the fold runs along the hooks, and they catch: the zip is closed by the very
			movement that opens the wings. It is opened by folding them. There is no muscle for it
			and no moment at which the bee could forget to do it.

			All bees, wasps and ants with wings have something of the kind, in numbers from two or
			three hooks in tiny parasitic wasps to several dozen in large ones. The joint is not
			rigid. The fold can slide and turn on the hooks like a hinge, so the double wing gets a
			bend that changes with each stroke, up and down. If the hooks are cut away, the bee
			still flies, only worse.

			You can see it with a good hand lens on a bee that has died on the window sill. Spread
			the wings on a sheet of dark paper with two pins, and push the front one gently
			forwards. It is one of the few zips that I know of that has been in production for more
			than a hundred million years.
		`,
		remarks: [
			{
				author: "Erik, beekeeper",
				at: "2026-02-12T19:55:00Z",
				body: "Counting hamuli is an old way of telling races of bees apart. I have done it for a whole rainy week. Do not recommend.",
			},
			{
				author: "Sam",
				at: "2026-02-14T10:10:00Z",
				body: "Found a bee, found a lens, saw the hooks. Best Saturday in a while.",
			},
		],
	},
	{
		title: "A Feather Is Hook Tape, Mended Daily",
		excerpt: "Pull a vane apart, stroke it once, and it is whole again.",
		author: "Jonas Lindqvist",
		tags: ["animals", "hooks"],
		publishedAt: "2026-03-12T08:00:00Z",
		body: prose`
			Take a wing feather of a pigeon and pull the vane apart until it splits. Then draw it
			between two fingers, from the base to the tip. The split is gone. You have done what a
			bird does for a good part of its day.

			The vane is a fabric that closes itself. From the shaft run parallel branches, the
			barbs, and each barb has two rows of still finer branches, the barbules. Those that
			point to the tip of the feather carry hooklets on their underside. Those that point to
			the base have a rolled edge like a gutter. Rows of hooks lie crosswise over rows of
			gutters and catch in them, hundreds to a single barb. Under a gust the hooks slide along
			the gutter a little way, and only under more load do they let go. The split costs
			nothing, for nothing has been torn. It takes one stroke of the beak to close it.

			That is a design worth envying: a joint that fails before the parts do, and is mended by
			straightening it. An engineer would call the hook a fuse.

			Birds that don't fly have given it up. The feathers of ostriches, emus and kiwis lack
			working hooklets, and so they hang loose and look like hair. Down is without them as
			well, in every bird, since it should be fluffy and not tight. And owls let part of the
			fringe stay open, for the sake of silence. It seems that even hooks are kept only where
			they earn their keep.
		`,
		remarks: [
			{
				author: "Colin",
				at: "2026-03-12T22:06:00Z",
				body: "A joint that fails before the parts do: that is what lime mortar is to brick. Same idea, slower bird.",
			},
			{
				author: "Anneke",
				at: "2026-03-13T07:59:00Z",
				body: "Spent breakfast unzipping and zipping a gull's feather. My coffee went cold.",
			},
		],
	},
];
