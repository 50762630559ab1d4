import { deepStrictEqual, strictEqual } from "node:assert/strict";

import { NEW_POST, samplePost } from "./posts.ts";
import type { Post } from "./posts.ts";
import type { ServerProcess } from "./server-process.ts";

const POSTS = "/api/data/entity/posts";

async function answer(url: string, body?: object): Promise<{ status: number; data: unknown }> {
	const response = await fetch(url, {
		...(body && { method: "POST", body: JSON.stringify(body) }),
		headers: { "Content-Type": "application/json" },
		signal: AbortSignal.timeout(5_000),
	});
	const text = await response.text();
	const json = text.startsWith("{") ? (JSON.parse(text) as { data?: unknown }) : {};
	return { status: response.status, data: json.data };
}

/**
 * Proves that a server does the work that is about to be measured: the rows in full, what is
 * inserted is stored, what is missing is a 404.
 *
 * @throws AssertionError that says what differs.
 */
export async function verify(server: ServerProcess): Promise<void> {
	const { contender, url } = server;
	if (contender.database === "none") {
		strictEqual((await answer(url + contender.readyPath)).status, 200);
		return;
	}
	deepStrictEqual(await answer(`${url}${POSTS}/7`), { status: 200, data: samplePost(7) });
	const firstTen = Array.from({ length: 10 }, (_, index) => samplePost(index + 1));
	deepStrictEqual(await answer(`${url}${POSTS}?limit=10`), { status: 200, data: firstTen });
	const inserted = await answer(url + POSTS, NEW_POST);
	const { id } = inserted.data as Post;
	deepStrictEqual(inserted, { status: 201, data: { id, ...NEW_POST } });
	deepStrictEqual(await answer(`${url}${POSTS}/${id}`), { status: 200, data: inserted.data });
	strictEqual((await answer(`${url}${POSTS}/999999999`)).status, 404);
}
