import type { D1Database } from "@cloudflare/workers-types";
import { em, entity, number, text } from "bknd";
import type { CloudflareBkndConfig } from "bknd/adapter/cloudflare";

const schema = em({
	posts: entity("posts", {
		title: text().required(),
		slug: text().required(),
		body: text().required(),
		author: text().required(),
		views: number().required(),
	}),
});

/** The same table in bknd's own words. */
export const config: CloudflareBkndConfig<{ readonly DB: D1Database }> = {
	bindings: ({ DB }) => ({ db: DB }),
	config: { data: schema.toJSON() },
	options: { mode: "code" },
};
