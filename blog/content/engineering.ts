import type { Article } from "./article.ts";
import { prose } from "./prose.ts";

/** Hooks that people made, and why they work. */
export const engineering: readonly Article[] = [
	{
		title: "What de Mestral Saw Under the Microscope",
		excerpt: "The walk with the dog took an afternoon. The rest took about fourteen years.",
		author: "Tobias Reuter",
		tags: ["velcro", "history", "engineering"],
		publishedAt: "2026-01-22T08:00:00Z",
		featured: true,
		cover: "hooks-and-loops.webp",
		body: prose`
			The story is told in one sentence: in 1941 the Swiss engineer George de Mestral came
			home from a walk with his dog, both covered in burrs, put one under the microscope and
			invented Velcro. All of that is in order up to the last verb.

			What he saw were the hooks of burdock, and that they caught in any loop they met, in the
			wool of his trousers as in the coat of the dog. Many people had seen it before. He was
			the first to take it as a drawing for something that one could make, a fastener with
			hooks on one side and loops on the other, that would open without a key and close
			without aiming.

			Then the work began. Weavers whom he asked were not encouraging. A first version in
			cotton wore out too quickly. Nylon was new at the time and turned out to be the right
			stuff, because a nylon loop, set by heat under infrared light, keeps its shape. That
			solved the soft side. For the hard side he needed hooks, thousands of them, all alike.
			The answer was to weave loops again, thicker ones, and to cut each of them near its top
			with something like a barber's clipper, so that the longer leg was left standing as a
			hook. It sounds easy once you know it. It took years to get a machine to do it.

			The patents date from the 1950s. The name is put together from velours and crochet,
			velvet and hook. If anything in the story deserves to be called a flash of genius, it
			isn't the look through the microscope. It is the idea of cutting the loop.
		`,
		remarks: [
			{
				author: "Paul M.",
				at: "2026-01-22T12:47:00Z",
				body: "The last line changed the story for me. Everybody tells the dog part.",
			},
			{
				author: "Greta",
				at: "2026-01-23T19:02:00Z",
				body: "Fourteen years! And there I was, giving up on the sewing machine after a weekend.",
			},
		],
	},
	{
		title: "Peel, Shear and That Noise",
		excerpt: "The same strip can be opened by a toddler and can hold up a grown man.",
		author: "Tobias Reuter",
		tags: ["velcro", "engineering"],
		publishedAt: "2026-02-19T08:00:00Z",
		body: prose`
			A hook-and-loop fastener has two strengths, and they have little to do with each other.
			Lift one edge and peel: it opens with the force of two fingers. Lay the same strips flat
			and pull them sideways, along the surface, and a piece as large as your palm may carry
			your weight.

			The hooks are the same in both cases. What differs is how many of them work at once. In
			peeling only the hooks along one line, at the edge of the opening, are under load. They
			straighten, slip out, and the line moves on to the next row. You pay for the fastener in
			small instalments. In shear all the hooks of the surface share the load at the same
			time, and you would have to pay the whole bill at once. So a good design loads the strip
			in shear and lets the user open it in peel. A shoe strap does it right. A banner hung
			from the ceiling by a strip at its top edge, with the tape facing down, does it wrong.

			The noise is the sound of the instalments. A loop is stretched until its hook gives way,
			then it snaps back and rings; hundreds do so each second, and the cloth behind them acts
			as the sounding board. Soldiers dislike it for a good reason, and quieter versions have
			been a subject of research for a long time. You can help yourself: pull along the
			surface as you peel, slowly, and fewer loops get to snap at the same time.

			Try the two directions yourself and guess the ratio. Most people guess three. It is far
			more.
		`,
		remarks: [
			{
				author: "Bea",
				at: "2026-02-19T16:18:00Z",
				body: "I make bags. I have just turned the strap on my next one by ninety degrees.",
			},
			{
				author: "Dev",
				at: "2026-02-20T09:30:00Z",
				body: "Paying in instalments is also why you can peel off a plaster and not push it off. Nice picture.",
			},
		],
	},
	{
		title: "Thickness to the Fourth Power",
		excerpt: "A hook twice as thick is sixteen times as stiff. Nature knows that sum.",
		author: "Tobias Reuter",
		tags: ["hooks", "engineering"],
		publishedAt: "2026-03-16T08:00:00Z",
		body: prose`
			I have measured the hooks of one burdock, forty of them, on an idle evening. Their
			length varied a good deal, their thickness hardly at all. There is a reason, and it fits
			on the back of an envelope.

			Think of the hook as a round rod that is fixed at its base, with the load at its tip.
			How far the tip gives is the load times the length cubed, divided by three times the
			stiffness of the material and by a number that describes the cross-section. For a round
			rod that number goes with the fourth power of the radius. Double the radius and the rod
			gives a sixteenth as much. Make it thinner by a tenth and it loses about a third of its
			stiffness. Length enters with the third power, thickness with the fourth; if you must
			make a mistake, make it in the length.

			A hook has to be soft enough to bend into the fur and to let go before it breaks, and
			stiff enough to carry its share. The window between the two is narrow, and the fourth
			power makes it narrower. So it is no wonder that the hooks of a burdock, grown by a
			plant without a caliper, are all of much the same thickness. The ones that were not did
			not travel.

			For those who print hooks at home: your nozzle has made the choice for you. With a line
			of 0.4 millimetres you can't tune the thickness in fine steps, but you can tune the
			length. Print a row from four to eight millimetres. The long end is eight times as soft
			as the short one, and somewhere in between is the one that you want.
		`,
		remarks: [
			{
				author: "Henrik",
				at: "2026-03-16T20:39:00Z",
				body: "Printed the row. Mine is at 5.5 mm, in PETG, against fleece. The 8 mm one is a hairbrush.",
			},
		],
	},
	{
		title: "The Teasel and the Mill",
		excerpt: "For centuries the finish of good cloth depended on a dried flower head.",
		author: "Maya Okonkwo",
		tags: ["history", "hooks", "engineering"],
		publishedAt: "2026-04-06T08:00:00Z",
		body: prose`
			Before anyone wove hooks there was a crop of them. Fuller's teasel was sown in fields
			from Somerset to Silesia, cut by hand, sorted by size and sold by the thousand to cloth
			mills. What the mills wanted was the head: an egg-shaped brush of stiff bracts that end
			in small hooks, bent backwards.

			Woollen cloth, as it comes from the loom, is bare. To make it soft and warm its surface
			is raised: fibre ends are pulled out of the yarn, all in one direction, and then sheared
			to an even height. Teasel heads were set in frames, first held in the hand, later on a
			drum of the machine called a gig, and drawn over the wet cloth. Wire brushes were tried
			early on, and cheap they were. But a wire that meets a knot tears a hole in the cloth.
			The hook of a teasel meets a knot and breaks. One could replace a teasel for next to
			nothing and a length of broadcloth not at all, so the plant stayed in use for the best
			qualities deep into the twentieth century, for billiard cloth among others.

			The wild teasel in my hedge won't do. Its bracts are straight, without a hook, and it
			would merely stroke the wool. The useful form has been selected for its bend, and it has
			to be sown from seed that was kept apart. I grow a row of each side by side. Visitors
			are invited to try both on their sleeve, and after that I need not explain anything.
		`,
		remarks: [
			{
				author: "Bea",
				at: "2026-04-06T13:13:00Z",
				body: "My grandmother worked at a gig in Yorkshire. She kept one teasel frame on the wall, and I now know why.",
			},
			{
				author: "Mirjana",
				at: "2026-04-08T06:34:00Z",
				body: "The part that breaks so that the expensive part doesn't. There seems to be a pattern on this blog.",
			},
		],
	},
	{
		title: "No, NASA Did Not Invent It",
		excerpt: "What hook-and-loop tape really did on the way to the Moon.",
		author: "Tobias Reuter",
		tags: ["velcro", "history"],
		publishedAt: "2026-04-13T08:00:00Z",
		body: prose`
			Three things are said to have come out of American space flight: a powdered orange
			drink, the non-stick pan and Velcro. None of them did. The tape had been patented and
			sold for years when the first astronauts began to need it.

			But they did need it. Without weight, nothing stays where you put it. A pencil that you
			let go of is on its way to the air filter, together with the checklist, the camera and
			the bag that held your lunch. So the cabins of the Apollo craft were lined with patches
			of one side of the tape, and loose things carried the other. It was even in the helmets:
			a small patch was fixed inside, in reach of the face, so that somebody in a sealed suit
			could scratch his nose.

			It also has its place in the programme's darkest chapter. When three astronauts died in
			the fire on the launch pad in January 1967, the cabin was filled with pure oxygen, and
			in it was a great deal of nylon: netting, and patches of tape in many more places than
			the plans had foreseen. In oxygen nylon burns fiercely. Afterwards flammable materials
			were thrown out or replaced, the tape that remained was made in versions that were hard
			to set alight, and it was counted, patch by patch.

			The legend has a true core, then, but a different one. Space did not give us the tape.
			It gave the tape its fame, and it taught its makers that what holds things together
			should also be asked what it does on the worst day.
		`,
		remarks: [
			{
				author: "Colin",
				at: "2026-04-13T18:49:00Z",
				body: "The nose patch is the kind of detail I read blogs for.",
			},
			{
				author: "Aoife",
				at: "2026-04-14T08:20:00Z",
				body: "I had forgotten the fire. Thank you for not leaving it out.",
			},
		],
	},
];
