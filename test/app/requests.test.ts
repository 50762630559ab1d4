import { HTTPException } from "hono/http-exception";
import { describe, expect, test } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import { AppError } from "../../src/kernel/error.ts";
import type { ServerOptions } from "../../src/server/server-options.ts";
import { expectEvents } from "../../src/testing/expect-events.ts";
import { spy } from "../../src/testing/spy.ts";
import { blog, requestOf, type ShortRequest } from "../support/blog.ts";
import { expectCommonHeaders, expectProblem } from "../support/scenario.ts";

const { AppRequest, AppBeforeResponse } = AppEvents;
const READ: ShortRequest = ["GET", "/api/data/entity/tags/1"];

describe("AppRequest", () => {
	test("a Response is the answer, and nothing else is asked", async () => {
		const { app, send, database } = await blog();
		app.emgr.onEvent(AppRequest, () => Response.json({ closed: true }, { status: 451 }), "sync");
		using events = spy(app.emgr);
		const response = await send(READ);
		expect(response.status).toBe(451);
		expect(await response.json()).toEqual({ closed: true });
		expectCommonHeaders(response);
		expectEvents(events, { "*": 0, "app-request": 1, "app-before-response": 1 });
		expect(database.statements).toBe(0);
	});

	test("a Response ends the listeners' turn", async () => {
		const { app, send } = await blog();
		app.emgr.onEvent(AppRequest, () => new Response("first"), "sync");
		app.emgr.onEvent(AppRequest, () => new Response("second"), "sync");
		expect(await (await send(READ)).text()).toBe("first");
	});

	test("a Request takes the place of the one that came in", async () => {
		const { app, send, log } = await blog();
		app.emgr.onEvent(
			AppRequest,
			({ params }) => new Request(params.request.url.replace("/tags/1", "/tags/2"), params.request),
			"sync",
		);
		expect(await (await send(READ)).json()).toMatchObject({ data: { name: "rivers" } });
		expect(log.of("info")[0]?.fields.path).toBe("/api/data/entity/tags/1");
	});

	test("access is asked about the Request that took its place", async () => {
		const asked: string[] = [];
		const { app, send } = await blog({
			config: {
				server: {
					access: (request) => {
						asked.push(request.headers.get("x-key") ?? "");
						return true;
					},
				},
			},
		});
		app.emgr.onEvent(
			AppRequest,
			({ params }) => new Request(params.request, { headers: { "x-key": "from the listener" } }),
			"sync",
		);
		await send(READ);
		expect(asked).toEqual(["from the listener"]);
	});

	test("the actor is that of the Request that took its place, in access and in events", async () => {
		const { app, send } = await blog({ exposure: "public", env: { BURDOCK_TOKEN: "t0ken" } });
		const seen: unknown[] = [];
		const deferred: unknown[] = [];
		app.emgr.on("data.tags.insert.before", (_event, _slug, ctx) => {
			deferred.push(ctx.actor, ctx.request?.headers.get("x-api-key"));
		});
		app.emgr.on(
			"data.tags.insert.before",
			(_event, _slug, ctx) => void seen.push(ctx.actor),
			"sync",
		);
		app.emgr.onEvent(
			AppRequest,
			({ params: { request } }) => {
				if (request.headers.get("x-api-key") !== "mine") return undefined;
				const headers = new Headers(request.headers);
				headers.set("authorization", "Bearer t0ken");
				return new Request(request, { headers });
			},
			"sync",
		);
		const insert = (key: string) =>
			send(["POST", "/api/data/entity/tags", { name: "new" }, { "x-api-key": key }]);
		expect((await insert("other")).status).toBe(401);
		expect((await insert("mine")).status).toBe(201);
		await app.emgr.drain();
		expect(seen).toEqual([{ id: "token" }]);
		expect(deferred).toEqual([{ id: "token" }, "mine"]);
	});

	test("a body that a listener reads from a clone can still be read", async () => {
		const { app, send } = await blog();
		const bodies: unknown[] = [];
		app.emgr.onEvent(
			AppRequest,
			async ({ params }) => {
				bodies.push(await params.request.clone().json());
			},
			"sync",
		);
		const response = await send(["POST", "/api/data/entity/tags", { name: "new" }]);
		expect(response.status).toBe(201);
		expect(bodies).toEqual([{ name: "new" }]);
	});

	test("a body that a listener has used up is a 500 whose log says what to do", async () => {
		const { app, send, log } = await blog();
		app.emgr.onEvent(AppRequest, async ({ params }) => void (await params.request.json()), "sync");
		const response = await send(["POST", "/api/data/entity/tags", { name: "new" }]);
		expect(response.status).toBe(500);
		expect(String(log.of("error")[0]?.fields.error)).toContain("request.clone()");
	});
});

describe("AppBeforeResponse", () => {
	test("may set headers on every response", async () => {
		const { app, send } = await blog({
			config: {
				server: { access: "read-only" },
				onServerInit(hono) {
					hono.get("/own", (context) => context.text("own"));
					hono.get("/moved", (context) => context.redirect("/own"));
				},
			},
		});
		app.emgr.onEvent(
			AppBeforeResponse,
			({ params }) => params.response.headers.set("x-burdock", "yes"),
			"sync",
		);
		for (const request of [
			READ,
			["GET", "/own"],
			["GET", "/moved"],
			["GET", "/nothing"],
			["POST", "/api/data/entity/tags", {}],
			["HEAD", "/own"],
		] as const) {
			expect((await send(request)).headers.get("x-burdock"), request.join(" ")).toBe("yes");
		}
	});

	test("is emitted for a request that a listener refused, too", async () => {
		const { app, send } = await blog();
		app.emgr.onEvent(
			AppRequest,
			() => {
				throw new AppError("forbidden", "Not from there.");
			},
			"sync",
		);
		const statuses: number[] = [];
		app.emgr.onEvent(
			AppBeforeResponse,
			({ params }) => void statuses.push(params.response.status),
			"sync",
		);
		expect((await send(READ)).status).toBe(403);
		expect(statuses).toEqual([403]);
	});

	test("may return another response, also one whose headers cannot be changed", async () => {
		const { app, send } = await blog();
		app.emgr.onEvent(
			AppBeforeResponse,
			() => Response.redirect("http://localhost/else", 302),
			"sync",
		);
		const response = await send(READ);
		expect(response.status).toBe(302);
		expect(response.headers.get("location")).toBe("http://localhost/else");
		expectCommonHeaders(response);
	});

	test("hears of the response with all its headers, in order, replies passed on", async () => {
		const { app, send } = await blog();
		const seen: unknown[] = [];
		app.emgr.onEvent(
			AppBeforeResponse,
			({ params }) => {
				seen.push(params.response.headers.get("x-content-type-options"));
				return new Response("one");
			},
			"sync",
		);
		app.emgr.onEvent(
			AppBeforeResponse,
			async ({ params }) => new Response(`${await params.response.text()} two`),
			"sync",
		);
		expect(await (await send(READ)).text()).toBe("one two");
		expect(seen).toEqual(["nosniff"]);
	});
});

describe("routes of the user", () => {
	const own = () =>
		blog({
			config: {
				onServerInit(hono, app) {
					hono.get("/own", (context) =>
						context.json({ listeners: app.emgr.getListeners().length }),
					);
					hono.get("/health", (context) => context.text("mine"));
					hono.get("/teapot", () => {
						throw new HTTPException(418, { message: "I am a teapot." });
					});
					hono.get("/response", () => {
						throw new HTTPException(401, { res: new Response("own", { status: 401 }) });
					});
					hono.get("/thrown-response", () => {
						throw new Response("thrown", { status: 409 });
					});
					hono.get("/refused", () => {
						throw new AppError("rate_limited", "Slowly.");
					});
					hono.get("/broken", () => {
						throw new Error("secret");
					});
					hono.get("/rejected", () => Promise.reject(new Error("secret")));
					hono.get("/null", () => Promise.reject(null as unknown as Error));
					hono.get("/missing", (context) => context.notFound());
					hono.get("/moved", () => Response.redirect("http://localhost/own", 302));
					hono.get("/framed", (context) =>
						context.text("framed", 200, { "x-frame-options": "DENY", "x-request-id": "mine" }),
					);
					hono.get("/stream", () => {
						const chunks = ["a", "b"].map((text) => new TextEncoder().encode(text));
						return new Response(ReadableStream.from(chunks));
					});
					hono.get("/id", (context) => context.text(context.req.header("x-test") ?? ""));
				},
			},
		});

	test.for([
		["/own", 200],
		["/teapot", 418],
		["/response", 401],
		["/thrown-response", 409],
		["/refused", 429],
		["/broken", 500],
		["/rejected", 500],
		["/null", 500],
		["/missing", 404],
		["/moved", 302],
		["/stream", 200],
	] as const)("GET %s is a %i with all headers", async ([path, status]) => {
		const { send } = await own();
		const response = await send(["GET", path]);
		const text = await response.text();
		expect(response.status, text).toBe(status);
		expect(text).not.toContain("secret");
		expectCommonHeaders(response);
		if (status >= 400 && !["/response", "/thrown-response"].includes(path))
			expectProblem(text, response);
	});

	test("come before ours", async () => {
		const { send } = await own();
		expect(await (await send(["GET", "/health"])).text()).toBe("mine");
		expect(await (await send(["GET", "/stream"])).text()).toBe("ab");
	});

	test("keep the headers that they set, but not another request's id", async () => {
		const { send } = await own();
		const { headers } = await send(["GET", "/framed"]);
		expect(headers.get("x-frame-options")).toBe("DENY");
		expect(headers.get("x-request-id")).toMatch(/^[0-9a-f]{24}$/);
	});

	test("an unknown error is logged with its cause, and its trace", async () => {
		const { send, log } = await own();
		await send(["GET", "/broken"]);
		expect(log.of("error")).toMatchObject([
			{ fields: { path: "/broken", error: new Error("secret") } },
		]);
	});

	test("middleware of the user goes on after a route that failed", async () => {
		const seen: number[] = [];
		const { send } = await blog({
			config: {
				onServerInit(hono) {
					hono.use(async (context, next) => {
						await next();
						seen.push(context.res.status);
						context.header("x-timing", "1");
					});
					hono.get("/broken", () => {
						throw new AppError("conflict", "No.");
					});
				},
			},
		});
		for (const path of ["/broken", "/nothing", "/api/data/entity/tags/9", "/health"]) {
			const response = await send(["GET", path]);
			expect(response.headers.get("x-timing"), path).toBe("1");
			expectCommonHeaders(response);
		}
		expect(seen).toEqual([409, 404, 404, 200]);
	});

	test("a response that two requests share carries the id of each", async () => {
		const { app, send } = await blog();
		const shared = new Response(null, { status: 204 });
		app.emgr.onEvent(AppRequest, () => shared, "sync");
		const first = (await send(READ)).headers.get("x-request-id");
		const second = (await send(READ)).headers.get("x-request-id");
		expect(second).not.toBe(first);
	});
});

describe("HEAD and OPTIONS", () => {
	test("HEAD has the headers of GET and no body", async () => {
		const { send } = await blog();
		const response = await send(["HEAD", READ[1]]);
		expect(response.status).toBe(200);
		expect(response.body).toBeNull();
		expectCommonHeaders(response);
	});

	test("OPTIONS lets nobody in where no other origin is let in", async () => {
		const { send } = await blog();
		const response = await send([
			"OPTIONS",
			READ[1],
			undefined,
			{ origin: "https://a.example", "access-control-request-method": "DELETE" },
		]);
		expect(response.status).toBe(204);
		expect(
			[...response.headers.keys()].filter((name) => name.startsWith("access-control")),
		).toEqual([]);
	});
});

describe("CORS", () => {
	const from = async (cors: ServerOptions["cors"], origin: string, method = "GET") => {
		const { send } = await blog({ config: { server: { cors: cors as object } as ServerOptions } });
		const preflight = method === "OPTIONS" ? { "access-control-request-method": "PATCH" } : {};
		return send([method, READ[1], undefined, { origin, ...preflight }]);
	};
	const ONE = { origin: "https://a.example", credentials: true } as const;

	test("lets the named origin in, with credentials", async () => {
		const { headers } = await from(ONE, "https://a.example");
		expect(Object.fromEntries(headers)).toMatchObject({
			"access-control-allow-origin": "https://a.example",
			"access-control-allow-credentials": "true",
			"access-control-expose-headers": "x-request-id,etag,content-range,x-d1-bookmark",
			vary: "origin",
		});
	});

	test.for([
		"https://b.example",
		"null",
		"https://a.example.evil.example",
		"http://a.example",
		"HTTPS://A.EXAMPLE",
	])("reflects the origin %s never", async (origin) => {
		for (const method of ["GET", "OPTIONS"]) {
			const { headers } = await from(ONE, origin, method);
			expect(headers.has("access-control-allow-origin")).toBe(false);
			expect(headers.has("access-control-allow-credentials")).toBe(false);
			expect(headers.get("vary")).toBe("origin");
		}
	});

	test("lets any origin in without credentials only", async () => {
		const { headers } = await from({ origin: "*" }, "https://b.example");
		expect(headers.get("access-control-allow-origin")).toBe("*");
		expect(headers.has("access-control-allow-credentials")).toBe(false);
	});

	test("takes several origins", async () => {
		const cors = { origin: ["https://a.example", "https://b.example"] };
		const { headers } = await from(cors, "https://b.example");
		expect(headers.get("access-control-allow-origin")).toBe("https://b.example");
	});

	test("answers a preflight without asking anybody", async () => {
		const { app, send, database } = await blog({
			config: { server: { cors: { ...ONE, headers: ["x-mine"], maxAge: 5 } } },
		});
		using events = spy(app.emgr);
		const headers = { origin: "https://a.example", "access-control-request-method": "PATCH" };
		const response = await send(["OPTIONS", READ[1], undefined, headers]);
		expect(response.status).toBe(204);
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"access-control-allow-origin": "https://a.example",
			"access-control-allow-methods": "GET,HEAD,POST,PUT,PATCH,DELETE",
			"access-control-allow-headers":
				"content-type,authorization,x-request-id,traceparent,if-match,if-none-match,range,if-range,x-d1-bookmark,x-mine",
			"access-control-max-age": "5",
		});
		expectCommonHeaders(response);
		expectEvents(events, { "*": 0 });
		expect(database.statements).toBe(0);
	});

	test("a request without an origin gets no such header, an error all of them", async () => {
		const { send } = await blog({ config: { server: { cors: ONE } } });
		const plain = await send(READ);
		expect(plain.headers.has("access-control-allow-origin")).toBe(false);
		const failed = await send(["GET", "/nothing", undefined, { origin: "https://a.example" }]);
		expect(failed.headers.get("access-control-allow-origin")).toBe("https://a.example");
	});

	test("a route's own Vary is kept", async () => {
		const { send } = await blog({
			config: {
				server: { cors: ONE },
				onServerInit: (hono) =>
					void hono.get("/own", (context) => context.text("x", 200, { vary: "accept" })),
			},
		});
		const { headers } = await send(["GET", "/own", undefined, { origin: "https://a.example" }]);
		expect(headers.get("vary")).toBe("accept, origin");
	});
});

describe("the body limit", () => {
	test("can be configured", async () => {
		const { send } = await blog({ config: { server: { limits: { body: 20 } } } });
		expect((await send(["POST", "/api/data/entity/tags", '{"name":"x"}'])).status).toBe(201);
		const long = await send(["POST", "/api/data/entity/tags", '{"name":"xxxxxxxxxx"}']);
		expect(long.status).toBe(413);
		expect(await long.json()).toMatchObject({
			code: "body_too_large",
			detail: "The body is over 20 bytes.",
		});
	});

	test("holds for a stream that lies about its length", async () => {
		const { send } = await blog();
		const stream = ReadableStream.from([new Uint8Array(2 * 1024 * 1024).fill(0x20)]);
		const request = new Request("http://localhost/api/data/entity/tags", {
			method: "POST",
			body: stream,
			headers: { "content-length": "10" },
			duplex: "half",
		} as RequestInit);
		expect((await send(request)).status).toBe(413);
	});
});

test("a request that nobody listens to makes no promise where the database needs none", async () => {
	const { app } = await blog();
	expect(app.fetch(requestOf(READ))).toBeInstanceOf(Response);
	app.emgr.onEvent(AppRequest, () => {}, "sync");
	app.emgr.onEvent(AppBeforeResponse, () => {}, "sync");
	app.emgr.on("repository-find-one-*", () => {}, "sync");
	expect(app.fetch(requestOf(READ))).toBeInstanceOf(Response);
});
