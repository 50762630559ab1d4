import { AppEvents, DatabaseEvents, defineConfig } from "burdock";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const notes = sqliteTable("notes", {
	id: integer().primaryKey({ autoIncrement: true }),
	title: text().notNull(),
});

/** How long work goes on when the server has been told to stop. */
const MILLISECONDS_OF_WORK = 100;

const stopped = new Promise<void>((resolve) => {
	process.once("SIGTERM", () => setTimeout(resolve, MILLISECONDS_OF_WORK));
});

export default defineConfig({
	connection: { url: ":memory:" },
	schema: { notes },
	onServerInit(hono) {
		hono.get("/slow", async (context) => {
			console.log("asked slowly");
			await stopped;
			return context.text("answered slowly");
		});
	},
	onBuilt({ emgr }) {
		let waiting: (() => void)[] = [];
		const goOn = (): void => {
			for (const go of waiting) go();
			waiting = [];
		};
		void stopped.then(goOn);
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
