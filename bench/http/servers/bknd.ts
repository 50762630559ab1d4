// bknd on its own Node server and its own embedded engine. The one thing it does not do as it comes
// is WAL: without it an insert takes three times as long.

import { em, entity, number, text } from "bknd";
import { nodeSqlite, serve } from "bknd/adapter/node";

import { PRAGMAS } from "../posts.ts";
import { answerUsage, serverSettings } from "./process-side.ts";

answerUsage();
const { file, port, hostname } = serverSettings();
const schema = em({
	posts: entity("posts", {
		title: text().required(),
		slug: text().required(),
		body: text().required(),
		author: text().required(),
		views: number().required(),
	}),
});

serve({
	connection: nodeSqlite({
		url: file,
		onCreateConnection: (database) => {
			for (const pragma of PRAGMAS) database.exec(pragma);
		},
	}),
	config: { data: schema.toJSON() },
	options: { mode: "code" },
	port,
	hostname,
});
