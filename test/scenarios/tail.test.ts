import { expect, onTestFinished, test } from "vitest";
import type { TailedEvent } from "../../src/events/tailed-event.ts";
import { blog, type Blog } from "../support/blog.ts";

const RIGHT = { authorization: "Bearer t0ken" };
const TAGS = "/api/data/entity/tags";

/** A server that everybody can reach. */
function open(): Promise<Blog> {
	return blog({ exposure: "public", env: { BURDOCK_TOKEN: "t0ken" } });
}

/** Follows events as the holder of the token; answers the next line that is not blank. */
async function follow({ send }: Blog, query: string) {
	const { status, body } = await send(["GET", `/api/system/events?${query}`, undefined, RIGHT]);
	expect(status).toBe(200);
	const reader = (body as ReadableStream<Uint8Array>).getReader();
	onTestFinished(() => reader.cancel().catch(() => {}));
	const decoder = new TextDecoder();
	let rest: readonly string[] = [];
	return {
		async next(): Promise<TailedEvent | undefined> {
			for (;;) {
				const [line, ...others] = rest;
				if (line !== undefined) {
					rest = others;
					return JSON.parse(line) as TailedEvent;
				}
				const { value, done } = await reader.read();
				if (done) return undefined;
				rest = decoder
					.decode(value)
					.split("\n")
					.filter((one) => one !== "");
			}
		},
		leave: () => reader.cancel(),
	};
}

test("one request follows the events of others, without secrets", async () => {
	const made = await open();
	const tail = await follow(made, "ref=data.authors.insert.after");
	const author = { id: "cy", name: "Cy", email: "cy@example.org", passwordHash: "hash-of-cy" };
	for (const id of ["cy", "di"]) {
		const row = { ...author, id, email: `${id}@example.org` };
		expect((await made.send(["POST", "/api/data/entity/authors", row, RIGHT])).status).toBe(201);
		const event = await tail.next();
		expect(event).toMatchObject({
			slug: "mutator-insert-after",
			topic: "data.authors.insert.after",
			path: `authors/${id}`,
			actor: "token",
			params: { entity: "authors", entityId: id },
		});
		expect(JSON.stringify(event)).not.toContain("hash-of");
	}
});

test("what is refused has no fact to follow", async () => {
	const made = await open();
	const tail = await follow(made, "ref=data.tags.insert.*");
	expect((await made.send(["POST", TAGS, { name: "x" }])).status).toBe(401);
	await made.send(["POST", TAGS, { id: 1, name: "again" }, RIGHT]);
	const slugs = [];
	for (let line = 0; line < 3; line++) slugs.push((await tail.next())?.slug);
	expect(slugs).toEqual([
		"mutator-insert-before",
		"mutator-insert-commit",
		"mutator-insert-failed",
	]);
});

test("who leaves is forgotten, and the end of the app is the end of the lines", async () => {
	const made = await open();
	const [first, second] = [await follow(made, "ref=orders.*"), await follow(made, "ref=orders.*")];
	expect(made.app.emgr.getListeners()).toHaveLength(2);
	await first.leave();
	expect(made.app.emgr.getListeners()).toHaveLength(1);
	const last = second.next();
	await made.app.close();
	expect(await last).toBeUndefined();
	expect(made.app.emgr.getListeners()).toEqual([]);
});
