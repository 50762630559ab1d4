import { DatabaseEvents, defineConfig } from "burdock";
import { withSlug } from "./src/hooks/with-slug.ts";
import * as schema from "./src/schema.ts";
import { seed } from "./src/seed.ts";

export default defineConfig((env) => ({
	connection: { url: String(env["DATABASE_URL"] ?? "file:.burdock/data.db") },
	schema,
	seed,

	onBuilt({ emgr }) {
		// The write waits for a sync listener; what it returns replaces the data.
		emgr.onEvent(DatabaseEvents.MutatorInsertBefore, ({ params }) => withSlug(params.data), {
			id: "slug",
			mode: "sync",
			entity: schema.posts,
		});
	},
}));
