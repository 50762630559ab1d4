import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "@libsql/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { LibsqlRemote } from "../../src/data/drivers/libsql-remote.ts";
import { describeDatabase } from "../conformance/database.ts";
import { statement } from "../conformance/database/subject.ts";
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

async function portOf(answer: "nothing" | number): Promise<number> {
	const server = createServer((_, response) => response.writeHead(Number(answer)).end("answer"));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	if (answer === "nothing") server.close();
	else onTestFinished(() => void server.close());
	return port;
}

describe("@libsql/client, no server", () => {
	test.each([
		["http", "nothing"],
		["ws", "nothing"],
		["http", 503],
		["http", 401],
	] as const)("%s answered by %s is unavailable", async (scheme, answer) => {
		const url = `${scheme}://127.0.0.1:${await portOf(answer)}`;
		const database = new LibsqlRemote(createClient({ url, intMode: "bigint" }), { location: url });
		onTestFinished(() => database.close());
		const calls = [
			database.all(statement("select 'secret'")),
			database.batch([statement("select 'secret'"), statement("select 2")]),
		];
		for (const call of await Promise.allSettled(calls)) {
			expect(call).toMatchObject({
				status: "rejected",
				reason: { code: "database_unavailable", kind: "unavailable", retryable: true },
			});
		}
	});

	test("a client that its owner closed is unavailable", async () => {
		const client = createClient({ url: ":memory:", intMode: "bigint" });
		const database = new LibsqlRemote(client, { location: "memory" });
		client.close();
		await expect(database.all(statement("select 1"))).rejects.toMatchObject({
			code: "database_unavailable",
		});
		await database.close();
	});
});
