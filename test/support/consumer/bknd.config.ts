import { DatabaseEvents, defineConfig } from "burdock";
import * as schema from "./schema.ts";

export default defineConfig({
	connection: { url: "file:.burdock/notes.db" },
	schema,
	onBuilt(app) {
		app.emgr.onEvent(
			DatabaseEvents.MutatorInsertBefore,
			(event) => ({ ...event.params.data, title: event.params.data.title.toUpperCase() }),
			{ id: "loud-titles", mode: "sync", entity: schema.notes },
		);
	},
});
