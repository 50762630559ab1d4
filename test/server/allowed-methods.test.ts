import { describe, expect, test } from "vitest";
import { blog } from "../support/blog.ts";

describe("a method that a path does not take", () => {
	test.for([
		["PUT", "/api/data/entity/posts", "GET, HEAD, POST, PATCH, DELETE, OPTIONS"],
		["POST", "/api/data/entity/posts/1", "GET, HEAD, PATCH, DELETE, OPTIONS"],
		["DELETE", "/api/data", "GET, HEAD, OPTIONS"],
		["POST", "/health", "GET, HEAD, OPTIONS"],
		["PURGE", "/", "GET, HEAD, OPTIONS"],
	] as const)("is 405 with what it takes: %s %s", async ([method, path, allow]) => {
		const { send } = await blog();
		const response = await send([method, path]);
		expect(response.status).toBe(405);
		expect(response.headers.get("allow")).toBe(allow);
		expect(await response.json()).toMatchObject({
			title: "Method Not Allowed",
			code: "method_not_allowed",
			detail: `${path} does not take ${method}; it takes ${allow}.`,
		});
	});

	test("is 404 where there is no such path for any method", async () => {
		const { send } = await blog();
		for (const method of ["GET", "PUT", "OPTIONS"]) {
			const response = await send([method, "/nothing/here"]);
			expect(response.status).toBe(404);
			expect(response.headers.get("allow")).toBeNull();
		}
	});

	test("does not count middleware, and counts routes of the user", async () => {
		const { send } = await blog({
			config: {
				onServerInit(hono) {
					hono.use("*", (_, next) => next());
					hono.put("/mine", (context) => context.text("put"));
				},
			},
		});
		expect((await send(["GET", "/nothing"])).status).toBe(404);
		const response = await send(["GET", "/mine"]);
		expect(response.status).toBe(405);
		expect(response.headers.get("allow")).toBe("PUT, OPTIONS");
	});
});

test("OPTIONS tells what a path takes", async () => {
	const { send } = await blog();
	const response = await send(["OPTIONS", "/api/data/entity/posts/1"]);
	expect(response.status).toBe(204);
	expect(response.headers.get("allow")).toBe("GET, HEAD, PATCH, DELETE, OPTIONS");
	expect(await response.text()).toBe("");
});

test("HEAD answers what GET does, without a body", async () => {
	const { send } = await blog();
	for (const path of ["/api/data/entity/posts/1", "/api/data/entity/posts/99", "/api/data"]) {
		const [head, get] = await Promise.all([send(["HEAD", path]), send(["GET", path])]);
		expect(head.status).toBe(get.status);
		expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
		expect(await head.text()).toBe("");
	}
});
