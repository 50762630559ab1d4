import type { App } from "burdock";
import type { Hono } from "hono";

/** Counts every event by its slug and shows the counts at `GET /hooks/stats`. */
export function countEvents(hono: Hono, app: App): void {
	const counts = new Map<string, number>();
	app.emgr.onAny((_event, slug) => void counts.set(slug, (counts.get(slug) ?? 0) + 1), {
		mode: "sync",
		id: "count-events",
	});
	hono.get("/hooks/stats", (context) => context.json(Object.fromEntries(counts)));
}
