import { expect, test } from "vitest";
import type { App } from "../../src/app/app.ts";
import { expectEvents } from "../../src/testing/expect-events.ts";
import { spy } from "../../src/testing/spy.ts";
import { blog, TRACE_ID, type Blog, type BlogOptions, type ShortRequest } from "./blog.ts";

/** One HTTP case: a request, and everything that it may cause. */
export interface Scenario extends BlogOptions {
	readonly name: string;
	/** Prepares the app, for example with listeners. */
	readonly prepare?: (app: App) => unknown;
	readonly request: ShortRequest;
	readonly expect: Expectation;
}

/** What a scenario comes to. */
export interface Expectation {
	readonly status: number;
	/** The whole body. */
	readonly body?: unknown;
	/** A part of the body. */
	readonly partial?: object;
	/** Headers by name; null for one that must not be there. */
	readonly headers?: Readonly<Record<string, string | null>>;
	/** How often each event is emitted; `"*"` is all others. */
	readonly events?: Readonly<Record<string, number>>;
	/** Statements that run while nobody listens. */
	readonly statements?: number;
	/** Round trips to the database while nobody listens; default: at most one. */
	readonly trips?: number;
	/** Looks at what the request left behind. */
	readonly after?: (blog: Blog) => unknown;
}

/** The events of every request that reaches the routes. */
export const REQUEST = { "app-request": 1, "app-before-response": 1 } as const;

/** Nothing of the engine, and nothing of the process, may stand in a body. */
const LEAKS =
	/\b(?:sqlite\w*|libsql|constraint failed|no such (?:column|table|function)|syntax error|malformed JSON|password_hash|hash-of|e_mail|published_at|node_modules|TypeError|RangeError|json_each|insert into|delete from)\b|\bat [\w.]+ \(|\bselect .+ from .+ (?:where|limit)\b|\bwhere \\"/i;

/** Runs each scenario on an app of its own: once with nobody listening, once with a spy. */
export function scenarios(cases: readonly Scenario[]): void {
	test.for(cases.map((scenario) => [scenario.name, scenario] as const))(
		"%s",
		async ([, scenario]) => {
			const { status, statements, trips, after, events: expected } = scenario.expect;
			const plain = await prepared(scenario);
			const body = await check(scenario, plain);
			if (statements !== undefined) {
				expect(plain.database.statements, "statements").toBe(statements);
				if (trips !== undefined) expect(plain.database.trips, "trips").toBe(trips);
				else expect(plain.database.trips, "trips").toBeLessThanOrEqual(1);
			}
			await after?.(plain);
			if (expected === undefined) return;
			const heard = await prepared(scenario);
			using events = spy(heard.app.emgr);
			const same = await check(scenario, heard);
			expectEvents(events, expected);
			if (status < 500) expect(same, "the same answer when somebody listens").toEqual(body);
		},
	);
}

async function prepared(scenario: Scenario): Promise<Blog> {
	const made = await blog(scenario);
	await made.run(() => scenario.prepare?.(made.app));
	made.database.reset();
	return made;
}

async function check(scenario: Scenario, { send }: Blog): Promise<unknown> {
	const { status, body: whole, partial, headers = {} } = scenario.expect;
	const response = await send(scenario.request);
	const text = await response.text();
	expect(response.status, text).toBe(status);
	const body: unknown = text !== "" && isJson(response) ? JSON.parse(text) : text;
	if (whole !== undefined) expect(body).toEqual(whole);
	if (partial !== undefined) expect(body).toMatchObject(partial);
	for (const [name, value] of Object.entries(headers)) {
		expect(response.headers.get(name), name).toBe(value);
	}
	expectCommonHeaders(response);
	if (status >= 400 && isJson(response)) expectProblem(text, response);
	return body;
}

/** Checks what every response carries. */
export function expectCommonHeaders(response: Response): void {
	expect(Object.fromEntries(response.headers)).toMatchObject({
		"x-request-id": expect.stringMatching(/^[\w.:+/=-]{1,128}$/) as string,
		"x-content-type-options": "nosniff",
		"x-frame-options": "SAMEORIGIN",
		"referrer-policy": "no-referrer",
	});
}

/** Checks that a body is a whole problem, and gives nothing away. */
export function expectProblem(text: string, response: Response): void {
	const problem = JSON.parse(text) as Record<string, unknown>;
	expect(problem).toMatchObject({
		type: "about:blank",
		title: expect.stringMatching(/^[A-Z]/) as string,
		status: response.status,
		detail: expect.any(String) as string,
		instance: expect.stringMatching(/^\//) as string,
		code: expect.stringMatching(/^[a-z_]+$/) as string,
		error: problem.detail,
		traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
	});
	expect(text).not.toMatch(LEAKS);
	expect(response.headers.get("content-type")).toMatch(/^application\/(?:problem\+)?json$/);
	if (response.status === 503 || response.status === 429) {
		expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
	}
	if (response.status === 401) expect(response.headers.get("www-authenticate")).toMatch(/^Bearer /);
}

/** The whole problem of an error of the catalogue, as `expect.body`. */
export function problem(
	[status, title]: readonly [status: number, title: string],
	code: string,
	detail: string,
	more: { readonly instance: string; readonly errors?: readonly unknown[] },
): object {
	return {
		type: "about:blank",
		title,
		status,
		detail,
		code,
		error: detail,
		...more,
		traceId: TRACE_ID,
	};
}

function isJson(response: Response): boolean {
	return /json/.test(response.headers.get("content-type") ?? "");
}
