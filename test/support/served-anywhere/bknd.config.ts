import { AppEvents, DatabaseEvents, defineConfig } from "burdock";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const notes = sqliteTable("notes", {
	id: integer().primaryKey({ autoIncrement: true }),
	title: text().notNull(),
});

/** The work of a listener that goes on when the server has been told to stop. */
const MILLISECONDS_OF_WORK = 50;

export default defineConfig({
	connection: { url: ":memory:" },
	schema: { notes },
	onBuilt({ emgr }) {
		let waiting: (() => void)[] = [];
		const goOn = (): void => {
			for (const go of waiting) go();
			waiting = [];
		};
		process.once("SIGTERM", () => setTimeout(goOn, MILLISECONDS_OF_WORK));
		emgr.onEvent(AppEvents.AppRequest, goOn, { id: "next-request", mode: "sync" });
		emgr.onEvent(
			DatabaseEvents.MutatorInsertBefore,
			({ params }) => ({ ...params.data, title: params.data.title.toUpperCase() }),
			{ id: "loud-titles", mode: "sync", entity: notes },
		);
		emgr.onEvent(
			DatabaseEvents.MutatorInsertAfter,
			async ({ params }) => {
				// An answer that waited for this would never come.
				await new Promise<void>((resolve) => waiting.push(resolve));
				console.log(`heard of ${params.data.title}`);
			},
			{ id: "after-the-response", mode: "async", entity: notes },
		);
	},
});
