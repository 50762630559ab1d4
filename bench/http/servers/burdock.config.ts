// Burdock as `burdock start` serves it, with two listeners on each measured operation. They name
// the events by slug, so that the bundled config holds no second copy of the product.

import { samplePosts } from "../posts.ts";
import { answerUsage, serverSettings } from "./process-side.ts";
import { posts } from "./schema.ts";

/** The part of the product's `App` that this config uses. */
interface App {
	readonly emgr: { on(slugs: readonly string[], handler: () => void, mode: "sync"): unknown };
	readonly em: {
		mutator(entity: "posts"): { insertMany(rows: readonly object[]): unknown };
	};
}

/** Before and After of everything that is measured. */
const MEASURED_EVENTS = [
	"repository-find-one-before",
	"repository-find-one-after",
	"repository-find-many-before",
	"repository-find-many-after",
	"mutator-insert-before",
	"mutator-insert-after",
];

answerUsage();

export default {
	connection: { url: `file:${serverSettings().file}` },
	schema: { posts },
	onBuilt(app: App) {
		app.emgr.on(MEASURED_EVENTS, () => {}, "sync");
	},
	async seed(app: App) {
		await app.em.mutator("posts").insertMany(samplePosts());
	},
};
