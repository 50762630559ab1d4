import { createClient } from "@libsql/client";
import { LibsqlRemote } from "../../src/data/drivers/libsql-remote.ts";
import { describeDatabase } from "../conformance/database.ts";
import { temporaryFile } from "../support/temporary-file.ts";

// A real file through the real client. A libSQL server (sqld) is not among the npm packages, and one
// that is made up would prove nothing: over HTTP and WebSocket only the client's transport differs.
describeDatabase("@libsql/client, a file", () => {
	const client = createClient({
		url: `file:${temporaryFile()}`,
		intMode: "bigint",
		timeout: 5_000,
	});
	return new LibsqlRemote(client, { location: "a file" });
});
