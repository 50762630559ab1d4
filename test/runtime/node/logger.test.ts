import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { AppError } from "../../../src/kernel/error.ts";
import { createLogger, type LoggerOptions } from "../../../src/runtime/node/logger.ts";
import { temporaryFile } from "../../support/temporary-file.ts";

let path: string;
let fd: number;

beforeEach(() => {
	path = temporaryFile();
	fd = openSync(path, "w");
});
afterEach(() => closeSync(fd));

function logger(options: LoggerOptions = {}) {
	return createLogger({ fd, env: {}, ...options });
}

function written(): string {
	return readFileSync(path, "utf8");
}

function entries(): readonly Record<string, unknown>[] {
	return written()
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const FORGED = '\n{"level":"error"}\u001b[2J\u009b31m\u2028\u0000';

describe("JSON lines", () => {
	it("have a time, a level, a message and fields", () => {
		const log = logger();
		log.warn("Careful.", { rows: 3, names: ["a"], none: undefined, nothing: null, ok: true });
		log.flush();
		const [{ time, ...line } = {}] = entries();
		expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
		expect(Math.abs(Date.now() - Date.parse(String(time)))).toBeLessThan(60_000);
		expect(line).toEqual({
			level: "warn",
			msg: "Careful.",
			rows: 3,
			names: ["a"],
			nothing: null,
			ok: true,
		});
	});

	it("say what their fields were when they were logged", () => {
		const log = logger();
		const fields = { rows: 1, names: ["a"] };
		const plain = { rows: 1 };
		log.info("one", fields);
		log.info("two", plain);
		fields.rows = 2;
		fields.names.push("b");
		plain.rows = 2;
		log.flush();
		expect(entries()).toMatchObject([{ rows: 1, names: ["a"] }, { rows: 1 }]);
	});

	it("carry the fields of a child, each name once", () => {
		const child = logger().child({ requestId: "a", user: 1 }).child({ user: 2 });
		child.info("one");
		child.info("two", { user: 3 });
		child.flush();
		expect(entries()).toMatchObject([
			{ requestId: "a", user: 2 },
			{ requestId: "a", user: 3 },
		]);
		expect(written()).not.toMatch(/"user".*"user"/);
	});

	it("never let a field replace what a line has itself", () => {
		const log = logger();
		log.info("real", { msg: "false", level: "error", time: 0 });
		log.flush();
		expect(entries()).toMatchObject([{ msg: "real", level: "info", _msg: "false", _time: 0 }]);
	});

	it("hold an error with its code, stack and causes", () => {
		const log = logger();
		const cause = new AggregateError([new Error("one")], "several");
		log.error("Failed.", { error: new AppError("conflict", "taken", { code: "port", cause }) });
		log.flush();
		expect(entries()).toMatchObject([
			{
				error: {
					name: "AppError",
					message: "taken",
					code: "port",
					kind: "conflict",
					stack: expect.stringContaining("logger.test.ts") as string,
					cause: { name: "AggregateError", errors: [{ message: "one" }] },
				},
			},
		]);
	});

	it("can hold anything, without a throw", () => {
		const circular: Record<string, unknown> = { big: 1n, not: Number.NaN, map: new Map([[1, 2]]) };
		circular["self"] = circular;
		const error = new Error("odd");
		error.cause = error;
		const hostile = {
			get bad(): never {
				throw new Error("no");
			},
			toJSON: () => {
				throw new Error("no");
			},
		};
		const log = logger();
		const deep = JSON.parse(`${"[".repeat(50)}${"]".repeat(50)}`) as unknown;
		log.info("odd", { circular, error, hostile, deep, big: 2n, symbol: Symbol("s"), fn() {} });
		log.flush();
		expect(entries()).toMatchObject([
			{
				circular: { big: "1", not: "NaN", map: { 1: 2 }, self: "[circular]" },
				error: { cause: "[circular]" },
				hostile: "[unreadable]",
				big: "2",
				symbol: "Symbol(s)",
				fn: "[function fn]",
			},
		]);
	});

	it("mask secrets, at any depth", () => {
		const log = logger();
		const headers = { Authorization: "Bearer x1", "set-cookie": "x2", accept: "yes" };
		log.info("in", { headers, password: "x3", authToken: "x4", BURDOCK_TOKEN: "x5", secret: "x6" });
		log.flush();
		expect(written()).not.toMatch(/x\d/);
		expect(entries()).toMatchObject([{ headers: { accept: "yes" }, password: "[masked]" }]);
	});

	it("escape everything that could forge a line or command a terminal", () => {
		const log = logger();
		log.info(FORGED, { path: FORGED, [FORGED]: 1, list: [FORGED] });
		log.flush();
		// oxlint-disable-next-line no-control-regex -- these are what must not be there
		expect(written().trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
		expect(entries()).toMatchObject([{ msg: FORGED, path: FORGED, list: [FORGED] }]);
	});
});

describe("pretty lines", () => {
	it("make a request short", () => {
		const log = logger({ format: "pretty" });
		const fields = { method: "GET", path: "/api/data/entity/posts", status: 200, ms: 3 };
		log.info("request", { ...fields, requestId: "a", traceId: "b" });
		log.flush();
		expect(written()).toMatch(/^\d\d:\d\d:\d\d GET \/api\/data\/entity\/posts 200 3 ms\n$/);
	});

	it("show fields, and an error with its causes below", () => {
		const log = logger({ format: "pretty" });
		const error = new Error("outer", { cause: new Error("inner") });
		log.child({ app: 1 }).error("Failed.", { listener: "audit", why: "two words", error });
		log.flush();
		const [first, ...rest] = written().split("\n");
		expect(first).toMatch(/^\S+ error Failed\. listener=audit why="two words" app=1$/);
		expect(rest[0]).toBe("         Error: outer");
		expect(rest.join("\n")).toMatch(/\n {9}caused by Error: inner\n {13}at /);
	});

	it("let nothing forge a line", () => {
		const log = logger({ format: "pretty" });
		log.info(FORGED, { path: FORGED });
		log.warn("request", { method: FORGED, path: FORGED, status: 200 });
		log.flush();
		expect(written().trimEnd().split("\n")).toHaveLength(2);
		expect(written()).not.toContain("\u001b");
	});

	it.each([
		[{}, false],
		[{ FORCE_COLOR: "1" }, true],
		[{ FORCE_COLOR: "1", NO_COLOR: "1" }, false],
	])("with %o have colours: %s", (env, coloured) => {
		const log = logger({ format: "pretty", env });
		log.warn("Careful.");
		log.flush();
		expect(written().includes("\u001b[33m")).toBe(coloured);
	});
});

describe("levels", () => {
	it.each([
		["debug", 4],
		["info", 3],
		["WARN", 2],
		["error", 1],
		["", 3],
	])("LOG_LEVEL=%s lets %i lines pass", (level, lines) => {
		const log = logger({ env: { LOG_LEVEL: level } });
		log.debug("a");
		log.info("b");
		log.warn("c");
		log.error("d");
		log.flush();
		expect(entries()).toHaveLength(lines);
	});

	it("refuses a level that does not exist", () => {
		expect(() => logger({ env: { LOG_LEVEL: "infos" } })).toThrow(
			expect.objectContaining({
				code: "setting_invalid",
				details: { hint: "Set LOG_LEVEL to info." },
			}),
		);
	});
});

describe("the buffer", () => {
	it("is written in big chunks, in order", () => {
		const log = logger();
		for (let index = 0; index < 2_000; index++) log.info("line", { index });
		expect(written()).not.toBe("");
		log.flush();
		expect(entries().map(({ index }) => index)).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
	});

	it.each([
		["ends by itself", "", 0],
		["is ended", "process.exit(3);", 3],
		["dies of an exception", "throw new Error('dead');", 1],
	])("is written when the process %s", (_, last, code) => {
		const source = `
			import { createLogger } from "./src/runtime/node/logger.ts";
			const log = createLogger();
			for (let index = 0; index < 50; index++) log.info("line", { index });
			${last}`;
		const done = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
			encoding: "utf8",
		});
		expect(done.stdout.trim().split("\n")).toHaveLength(50);
		expect(done.status).toBe(code);
	});

	it("keeps lines whole where several processes write, and the reader is slow", async () => {
		const source = `
			import { createLogger } from "./src/runtime/node/logger.ts";
			process.stdout;
			const log = createLogger({ shared: true, format: "json" });
			for (let index = 0; index < 4000; index++) {
				log.info("line", { pad: "x".repeat(index % 400) });
				if (index % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
			}
			console.error("logged");
			process.stdin.resume();`;
		const one = `"$NODE" --input-type=module -e "$SOURCE" <&3`;
		const child = spawn("sh", ["-c", `exec 3<&0; { ${one} & ${one} & wait; } | cat`], {
			env: { ...process.env, NODE: process.execPath, SOURCE: source },
		});
		let logged = "";
		for await (const chunk of child.stderr) {
			logged += String(chunk);
			if (logged === "logged\nlogged\n") break;
		}
		child.stdin.end();
		let text = "";
		for await (const chunk of child.stdout) text += String(chunk);
		const lines = text.trimEnd().split("\n");
		expect(lines).toHaveLength(8_000);
		for (const line of lines) expect(JSON.parse(line)).toMatchObject({ msg: "line" });
	});

	it("does not stop the process when nobody reads it", async () => {
		const source = `
			import { createLogger } from "./src/runtime/node/logger.ts";
			const log = createLogger();
			for (let round = 0; round < 50; round++) {
				for (let index = 0; index < 100; index++) log.info("line", { pad: "x".repeat(200) });
				await new Promise((resolve) => setImmediate(resolve));
			}
			console.error("done");
			setInterval(() => {}, 1000);`;
		const child = spawn(process.execPath, ["--input-type=module", "-e", source]);
		onTestFinished(() => void child.kill("SIGKILL"));
		const said = await new Promise((resolve) => child.stderr.once("data", resolve));
		expect(String(said)).toBe("done\n");
	});
});
