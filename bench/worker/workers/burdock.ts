// Burdock's Worker, with two listeners on each measured operation. They name the events by slug, as
// those of the server do that ../../http measures.

import { serve } from "burdock/cloudflare";

import { posts } from "../../http/servers/schema.ts";

/** The part of the product's `App` that this config uses. */
interface App {
	readonly emgr: { on(slugs: readonly string[], handler: () => void, mode: "sync"): unknown };
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

export default serve({
	connection: { d1: "DB" },
	schema: { posts },
	server: { access: "open" },
	onBuilt(app: App) {
		app.emgr.on(MEASURED_EVENTS, () => {}, "sync");
	},
});
