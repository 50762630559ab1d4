import { HTTPException } from "hono/http-exception";
import { describe, expect, test } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import type { EventClass } from "../../src/events/event-class.ts";
import { AppError } from "../../src/kernel/error.ts";
import { blog, TRACE_ID, type Blog, type ShortRequest } from "../support/blog.ts";
import { expectCommonHeaders, expectProblem } from "../support/scenario.ts";

const BASE = "/api/data/entity";
const READ: ShortRequest = ["GET", `${BASE}/posts/1`];
const LIST: ShortRequest = ["GET", `${BASE}/posts`];
const COUNT: ShortRequest = ["POST", `${BASE}/posts/fn/count`];
const INSERT: ShortRequest = ["POST", `${BASE}/posts`, { title: "Four", slug: "four" }];
const BULK: ShortRequest = ["POST", `${BASE}/posts`, [{ title: "Four", slug: "four" }]];
const UPDATE: ShortRequest = ["PATCH", `${BASE}/posts/1`, { title: "Uno" }];
const DELETE: ShortRequest = ["DELETE", `${BASE}/posts/1`];

/** Events in which a throw refuses the request, with a request that emits each. */
const REFUSING: readonly (readonly [EventClass, ShortRequest])[] = [
	[AppEvents.AppRequest, READ],
	[AppEvents.AppBeforeResponse, READ],
	[DatabaseEvents.RepositoryFindOneBefore, READ],
	[DatabaseEvents.RepositoryFindOneAfter, READ],
	[DatabaseEvents.RepositoryFindManyBefore, LIST],
	[DatabaseEvents.RepositoryFindManyBefore, COUNT],
	[DatabaseEvents.RepositoryFindManyAfter, LIST],
	[DatabaseEvents.MutatorInsertBefore, INSERT],
	[DatabaseEvents.MutatorInsertBefore, BULK],
	[DatabaseEvents.MutatorInsertCommit, INSERT],
	[DatabaseEvents.MutatorUpdateBefore, UPDATE],
	[DatabaseEvents.MutatorUpdateCommit, UPDATE],
	[DatabaseEvents.MutatorDeleteBefore, DELETE],
	[DatabaseEvents.MutatorDeleteCommit, DELETE],
];

/** Events of what has happened, with a request that emits each. */
const FACTS: readonly (readonly [EventClass, ShortRequest, number])[] = [
	[DatabaseEvents.MutatorInsertAfter, INSERT, 201],
	[DatabaseEvents.MutatorUpdateAfter, UPDATE, 200],
	[DatabaseEvents.MutatorDeleteAfter, DELETE, 200],
	[
		DatabaseEvents.MutatorInsertFailed,
		["POST", `${BASE}/posts`, { title: "One", slug: "one" }],
		409,
	],
	[DatabaseEvents.MutatorUpdateFailed, ["PATCH", `${BASE}/posts/9`, { title: "x" }], 404],
	[DatabaseEvents.MutatorDeleteFailed, ["DELETE", `${BASE}/posts/9`], 404],
];

interface Thrown {
	readonly what: string;
	readonly make: () => unknown;
	readonly status: number;
	readonly body: unknown;
	readonly logged: boolean;
}

const THROWN: readonly Thrown[] = [
	{
		what: "an AppError",
		make: () =>
			new AppError("conflict", "Not now.", { code: "not_now", cause: new Error("secret") }),
		status: 409,
		body: { code: "not_now", detail: "Not now.", error: "Not now.", traceId: TRACE_ID },
		logged: false,
	},
	{
		what: "an HTTPException without a response",
		make: () => new HTTPException(403, { message: "Not you." }),
		status: 403,
		body: { code: "http_error", detail: "Not you.", title: "Forbidden" },
		logged: false,
	},
	{
		what: "an HTTPException with a response",
		make: () => new HTTPException(418, { res: Response.json({ tea: true }, { status: 418 }) }),
		status: 418,
		body: { tea: true },
		logged: false,
	},
	{
		what: "a Response",
		make: () => Response.json({ own: "answer" }, { status: 402 }),
		status: 402,
		body: { own: "answer" },
		logged: false,
	},
	{
		what: "an Error",
		make: () => new Error("secret of the listener"),
		status: 500,
		body: { code: "internal", traceId: TRACE_ID },
		logged: true,
	},
	{
		what: "text",
		make: () => "secret text",
		status: 500,
		body: { code: "internal" },
		logged: true,
	},
	{ what: "null", make: () => null, status: 500, body: { code: "internal" }, logged: true },
	{
		what: "undefined",
		make: () => undefined,
		status: 500,
		body: { code: "internal" },
		logged: true,
	},
];

async function rows({ database }: Blog): Promise<unknown> {
	return database.all({ sql: "select id, title, slug from posts", params: [] });
}

describe.for(REFUSING)("a sync listener of %o", ([eventClass, request]) => {
	test.for(
		THROWN.flatMap((thrown) =>
			(["at once", "later"] as const).map((when) => [thrown, when] as const),
		),
	)(
		"that throws $0.what $1 refuses the request with it",
		async ([{ make, status, body, logged }, when]) => {
			if (eventClass.syncOnly && when === "later") return;
			const made = await blog();
			const before = await rows(made);
			const handler = (): Promise<void> | void => {
				if (when === "later") return Promise.reject(make() as Error);
				throw make();
			};
			made.app.emgr.onEvent(eventClass, handler, { mode: "sync", id: "guilty" });
			const response = await made.send(request);
			const text = await response.text();
			expect(response.status, text).toBe(status);
			expect(JSON.parse(text)).toMatchObject(body as object);
			expect(text).not.toContain("secret");
			expectCommonHeaders(response);
			if (response.headers.get("content-type")?.includes("problem")) expectProblem(text, response);
			expect(await rows(made)).toEqual(before);
			const errors = made.log.of("error");
			expect(errors).toHaveLength(logged ? 1 : 0);
			if (!logged) return;
			const { fields } = errors[0] as { fields: Record<string, unknown> };
			expect(fields).toMatchObject({ traceId: TRACE_ID, path: request[1] });
			if (make() instanceof Error) expect(fields.listener).toBe("guilty");
		},
	);
});

describe.for(FACTS)("a sync listener of the fact %o", ([eventClass, request, status]) => {
	test.for(THROWN)("that throws $what changes nothing of the answer's status", async ({ make }) => {
		const made = await blog();
		made.app.emgr.onEvent(
			eventClass,
			() => {
				throw make();
			},
			{ mode: "sync", id: "guilty" },
		);
		const heard: string[] = [];
		made.app.emgr.onEvent(eventClass, () => void heard.push("later listener"), "sync");
		const response = await made.send(request);
		const text = await response.text();
		expect(response.status, text).toBe(status);
		expect(text).not.toContain("secret");
		expect(heard).toEqual(["later listener"]);
		if (status < 300) {
			expect(JSON.parse(text)).toMatchObject({
				meta: {
					warnings: [{ code: "listener_failed", listener: "guilty", event: eventClass.slug }],
				},
			});
		}
		expect(made.log.of("error").map((line) => line.fields.listener)).toEqual(["guilty"]);
	});
});

/** As Bun has it: nothing keeps it from being sent, with the status 0. */
function sendableError(): Response {
	return Object.defineProperties(new Response(), {
		status: { value: 0 },
		type: { value: "error" },
	});
}

describe("a request that fails", () => {
	test("harms only itself when a listener changes what all share", async () => {
		const made = await blog();
		made.app.emgr.onEvent(
			DatabaseEvents.RepositoryFindManyBefore,
			(event) => {
				(event.params.options as { limit: number }).limit = 0;
			},
			"sync",
		);
		expect((await made.send(LIST)).status).toBe(500);
		made.app.emgr.off(DatabaseEvents.RepositoryFindManyBefore);
		expect(await (await made.send(LIST)).json()).toMatchObject({ meta: { items: 3, limit: 10 } });
	});

	test("goes on as it was when a listener returns garbage", async () => {
		const made = await blog();
		for (const eventClass of [
			DatabaseEvents.RepositoryFindManyBefore,
			DatabaseEvents.RepositoryFindManyAfter,
			AppEvents.AppRequest,
			AppEvents.AppBeforeResponse,
		] as readonly EventClass[]) {
			made.app.emgr.onEvent(eventClass, () => 42 as never, "sync");
		}
		const response = await made.send(LIST);
		expect(response.status).toBe(200);
		expect(await response.json()).toMatchObject({ meta: { items: 3 } });
		expect(made.log.of("warn")).toHaveLength(4);
	});

	test("is unavailable when a listener hangs past its timeout, and nothing is stored", async () => {
		const made = await blog();
		made.app.emgr.onEvent(DatabaseEvents.MutatorInsertBefore, () => new Promise(() => {}), {
			mode: "sync",
			timeout: 1,
			id: "sleeper",
		});
		const response = await made.send(INSERT);
		expect(response.status).toBe(503);
		expect(response.headers.get("retry-after")).toBe("1");
		expect(await response.json()).toMatchObject({ code: "listener_timeout" });
		expect(await made.send(READ)).toMatchObject({ status: 200 });
	});

	test("is a 500, and logged, when a listener misuses the event system", async () => {
		const made = await blog();
		made.app.emgr.onEvent(
			DatabaseEvents.RepositoryFindOneBefore,
			async (_event, _slug, { emit }) => void (await emit("typo")),
			{ mode: "sync", id: "guilty" },
		);
		expect((await made.send(READ)).status).toBe(500);
		expect(made.log.of("error")).toMatchObject([
			{ fields: { listener: "guilty", error: { code: "unknown_event" } } },
		]);
	});

	test("is a 500 when a listener makes data that JSON cannot say", async () => {
		const made = await blog();
		made.app.emgr.onEvent(
			DatabaseEvents.RepositoryFindOneAfter,
			() => {
				const row: Record<string, unknown> = { id: 1n };
				row.self = row;
				return row as never;
			},
			"sync",
		);
		const response = await made.send(READ);
		expect(response.status).toBe(500);
		expectProblem(await response.text(), response);
	});

	test("is a problem when a listener answers with a response that cannot be sent", async () => {
		const used = new Response("x");
		await used.text();
		for (const response of [Response.error(), sendableError(), used]) {
			for (const eventClass of [AppEvents.AppRequest, AppEvents.AppBeforeResponse]) {
				for (const how of ["returns", "throws"]) {
					const made = await blog();
					made.app.emgr.onEvent(
						eventClass as EventClass,
						() => {
							if (how === "throws") throw response;
							return response as never;
						},
						"sync",
					);
					const answer = await made.send(READ);
					expect(answer.status).toBe(500);
					expectProblem(await answer.text(), answer);
					expect(made.log.of("error")).toHaveLength(1);
				}
			}
		}
	});

	test("names the listener and the trace in the log, also when nobody sent a trace", async () => {
		const made = await blog();
		made.app.emgr.onEvent(
			AppEvents.AppRequest,
			() => {
				throw new Error("secret");
			},
			{ mode: "sync", id: "guard" },
		);
		const response = await made.send(new Request("http://localhost/"));
		const { traceId } = (await response.json()) as { traceId: string };
		expect(made.log.of("error")).toMatchObject([
			{
				message: "A request failed.",
				fields: { listener: "guard", traceId, error: new Error("secret") },
			},
		]);
		expect(made.log.of("info")).toMatchObject([
			{ message: "request", fields: { status: 500, traceId } },
		]);
	});

	test("says to try again when the database is gone", async () => {
		const made = await blog();
		await made.database.close();
		for (const request of [READ, LIST, COUNT, INSERT, UPDATE, DELETE]) {
			const response = await made.send(request);
			expect(response.status).toBe(503);
			expectProblem(await response.text(), response);
		}
	});
});

describe("Accept", () => {
	test.for([
		[undefined, "application/problem+json"],
		["*/*", "application/problem+json"],
		["application/problem+json", "application/problem+json"],
		["application/json, */*", "application/problem+json"],
		["application/json", "application/json"],
	])("%s gets a problem as %s", async ([accept, type]) => {
		const { send } = await blog();
		const headers = accept === undefined ? {} : { accept };
		const response = await send(["GET", "/nothing", undefined, headers as Record<string, string>]);
		expect(response.headers.get("content-type")).toBe(type);
	});
});

describe("ids of requests and traces", () => {
	test("a well-formed X-Request-Id comes back", async () => {
		const { send, log } = await blog();
		const response = await send(["GET", "/health", undefined, { "x-request-id": "a-1:b.c/d=" }]);
		expect(response.headers.get("x-request-id")).toBe("a-1:b.c/d=");
		expect(log.of("info")[0]?.fields.requestId).toBe("a-1:b.c/d=");
	});

	test.for(["", "a b", "<script>", "x".repeat(129), "a\u00fc", '"', "a,b", "{}"])(
		"the X-Request-Id %j is replaced",
		async (id) => {
			const { send } = await blog();
			const response = await send(["GET", "/health", undefined, { "x-request-id": id }]);
			expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f]{24}$/);
		},
	);

	test("ids differ between requests", async () => {
		const { send } = await blog();
		const ids = new Set<unknown>();
		for (let count = 0; count < 1000; count++) {
			ids.add((await send(new Request("http://localhost/health"))).headers.get("x-request-id"));
		}
		expect(ids.size).toBe(1000);
	});

	test.for([
		"",
		"x",
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
	])("the traceparent %j begins a trace of our own", async (traceparent) => {
		const { send } = await blog();
		const response = await send(["GET", "/nothing", undefined, { traceparent }]);
		const { traceId } = (await response.json()) as { traceId: string };
		expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
		expect(traceId).not.toBe(TRACE_ID);
	});

	test("events carry the ids and the span of the caller", async () => {
		const { send, app } = await blog();
		const metas: unknown[] = [];
		app.emgr.onAny((event) => void metas.push(event.context.meta), "sync");
		await send(["GET", "/health", undefined, { "x-request-id": "r1" }]);
		expect(metas).toEqual(
			Array.from({ length: 2 }, () => ({
				requestId: "r1",
				traceId: TRACE_ID,
				parentSpan: "00f067aa0ba902b7",
				traceFlags: 1,
			})),
		);
	});
});
