import { describe, expect, test } from "vitest";
import type { ConfigInput } from "../../src/app/config.ts";
import { readConfig } from "../../src/app/read-config.ts";

function problemsOf(config: unknown): readonly string[] {
	try {
		readConfig(config as ConfigInput, {});
	} catch (error) {
		expect(error).toMatchObject({ code: "bad_config", kind: "invalid" });
		return (error as Error).message.split("\n").slice(1);
	}
	return [];
}

describe("readConfig", () => {
	test("takes a config as it is", () => {
		const config = { server: { access: "open" as const }, plugins: [{ name: "a" }] };
		expect(readConfig(config, {})).toBe(config);
	});

	test("calls a function with the environment", () => {
		const config = readConfig((env) => ({ connection: { url: String(env.DATABASE) } }), {
			DATABASE: "file:x.db",
		});
		expect(config.connection).toEqual({ url: "file:x.db" });
	});

	test.for([null, 1, "x", [], new Map()])("refuses %o", (config) => {
		expect(problemsOf(config)).toEqual(["- The config is not an object."]);
	});

	test("refuses a promise of a config, and says what to do", async () => {
		const asked = Promise.resolve({});
		expect(problemsOf(asked)).toEqual([
			"- The config is a promise: await it before you export it.",
		]);
		expect(problemsOf(() => asked)).toHaveLength(1);
	});

	test.for([
		[{ conection: {} }, "- There is no key conection. Did you mean connection?"],
		[{ onBuild() {} }, "- There is no key onBuild. Did you mean onBuilt?"],
		[{ wombat: 1 }, "- There is no key wombat."],
		[{ server: { acess: "open" } }, "- There is no key server.acess. Did you mean access?"],
		[
			{ server: { limits: { bodi: 1 } } },
			"- There is no key server.limits.bodi. Did you mean body?",
		],
		[
			{ server: { cors: { origins: "*" } } },
			"- There is no key server.cors.origins. Did you mean origin?",
		],
		[{ events: { instruments: {} } }, "- events.instruments is not a list."],
		[
			{ events: { instruments: [{ emit() {} }, null] } },
			"- events.instruments[1] is no instrument: it needs a function emit, or call.",
		],
		[
			{ events: { instruments: [{ calls() {} }] } },
			"- events.instruments[0] is no instrument: it needs a function emit, or call.",
		],
		[
			{ events: { instruments: [{ emit() {}, call: 1 }] } },
			"- events.instruments[0] is no instrument: it needs a function emit, or call.",
		],
		[{ limits: { bulkRow: 1 } }, "- There is no key limits.bulkRow. Did you mean bulkRows?"],
		[
			{ entities: { posts: { hiden: [] } } },
			"- There is no key entities.posts.hiden. Did you mean hidden?",
		],
		[
			{ plugins: [{ name: "a", onBuild() {} }] },
			"- There is no key plugins[0].onBuild. Did you mean onBuilt?",
		],
		[{ server: 1 }, "- server is not an object."],
		[{ entities: { posts: 1 } }, "- entities.posts is not an object."],
		[{ entities: 1 }, "- entities is not an object."],
		[{ limits: "none" }, "- limits is not an object."],
		[{ limits: { bulkRows: 0 } }, "- limits.bulkRows is not a whole number, 1 or more."],
		[{ limits: { drain: -1 } }, "- limits.drain is not a whole number, 0 or more."],
		[{ limits: { drain: "10s" } }, "- limits.drain is not a whole number, 0 or more."],
		[
			{ server: { limits: { body: Number.NaN } } },
			"- server.limits.body is not a whole number, 1 or more.",
		],
		[{ seed: {} }, "- seed is not a function."],
		[{ onBuilt: "x" }, "- onBuilt is not a function."],
		[{ plugins: [{ name: "a", onBuilt: 1 }] }, "- plugins[0].onBuilt is not a function."],
		[{ plugins: {} }, "- plugins is not a list."],
		[{ plugins: [{}] }, "- plugins[0] has no name."],
		[{ plugins: [null] }, "- plugins[0] is not an object."],
		[{ plugins: [{ name: "a" }, { name: "a" }] }, "- Two plugins are named a."],
		[
			{ server: { access: "none" } },
			'- server.access is neither "open", "read-only" nor a function.',
		],
		[{ server: { basePath: "api" } }, '- server.basePath is not a path such as "/api".'],
		[{ server: { basePath: "/api/" } }, '- server.basePath is not a path such as "/api".'],
		[{ server: { basePath: "/:id" } }, '- server.basePath is not a path such as "/api".'],
		[
			{ server: { cors: { origin: "*", credentials: true } } },
			"- server.cors lets any origin in with credentials: name the origins.",
		],
		[
			{ server: { cors: { origin: ["https://a.example", "*"], credentials: true } } },
			"- server.cors lets any origin in with credentials: name the origins.",
		],
		[{ server: { cors: {} } }, "- server.cors.origin is neither an origin nor a list of origins."],
		[
			{ server: { cors: { origin: "https://a.example/" } } },
			'- server.cors.origin: "https://a.example/" is not an origin such as "https://example.com".',
		],
		[
			{ server: { cors: { origin: ["a.example"] } } },
			'- server.cors.origin: "a.example" is not an origin such as "https://example.com".',
		],
	] as const)("%j: %s", ([config, problem]) => {
		expect(problemsOf(config)).toContain(problem);
	});

	test("tells all faults at once", () => {
		expect(problemsOf({ conection: 1, seed: 1, server: { acess: 1 }, plugins: 1 })).toHaveLength(4);
	});
});
