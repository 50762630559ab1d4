import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, onTestFinished, test } from "vitest";
import * as sample from "../../../blog/schema.ts";
import type { App } from "../../../src/app/app.ts";
import { createApp } from "../../../src/app/create-app.ts";
import type { Entity } from "../../../src/data/schema/entity.ts";
import { isCertain } from "../../../src/server/openapi/example-row.ts";
import type {
	MediaType,
	OpenApiDocument,
	Parameter,
	ResponseObject,
} from "../../../src/server/openapi/openapi-document.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { nodePlatform } from "../../../src/runtime/node/platform.ts";
import {
	ajvOf,
	faultsOf,
	operationsOf,
	resolve,
	type FoundOperation,
} from "../../support/api-document.ts";
import { requestOf } from "../../support/blog.ts";
import * as scenario from "../../support/scenario-schema.ts";
import * as wide from "../../support/wide-schema.ts";

const notes = sqliteTable("notes", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	text: text("text"),
	version: integer("version").notNull().default(1),
});
const SCHEMAS = {
	"a blog": scenario,
	"the sample": sample,
	"all columns": wide,
	versions: { notes },
};

/** One request that the document shows: an operation with one of its examples. */
interface ShownRequest extends FoundOperation {
	readonly url: string;
	readonly body: unknown;
	/** The query parameter that it shows. */
	readonly shows: string | undefined;
}

describe.each(Object.entries(SCHEMAS))("each example for %s", (_, schema) => {
	test("is answered as the document says", { timeout: 60_000 }, async () => {
		const { app: first, document } = await start(schema);
		const ajv = ajvOf(document);
		let shown = 0;
		for (const request of operationsOf(document).flatMap((one) => requestsOf(document, one))) {
			const entity = first.em.entities.find(({ name }) => name === request.operation.tags[0]);
			const app = request.method === "GET" || entity ? (await start(schema)).app : first;
			if (entity) await tell(app, document, entity, request.operation.operationId);
			const { method, url, body } = request;
			const response = await app.fetch(requestOf([method, url, body]));
			const text = await textOf(response);
			const name = `${method} ${url}`;
			expect(response.status, `${name}: ${text}`).toBeLessThan(300);
			checkAnswer(document, request, response, text);
			const answer = answerOf(document, request, response);
			const media = Object.values(answer.content ?? {})[0] as MediaType;
			if ("application/json" in (answer.content ?? {})) {
				const value = JSON.parse(text) as unknown;
				const shape = request.shows === "select" ? withoutRequired(media.schema) : media.schema;
				expect(faultsOf(ajv, shape, value), name).toBeUndefined();
				if (request.shows === undefined) compare(entity, media.example, value);
			}
			if (media.example !== undefined) {
				expect(faultsOf(ajv, media.schema, media.example), name).toBeUndefined();
			}
			shown++;
		}
		expect(shown).toBeGreaterThan(20);
	});

	test("fits the schema that it is an example of", async () => {
		const { document } = await start(schema);
		const ajv = ajvOf(document);
		for (const { operation, key } of operationsOf(document)) {
			const media = operation.requestBody?.content["application/json"];
			if (media?.example !== undefined) {
				expect(faultsOf(ajv, media.schema, media.example), key).toBeUndefined();
			}
			for (const parameter of operation.parameters ?? []) {
				const { schema: own, content, example } = resolve<Parameter>(document, parameter);
				const json = content?.["application/json"];
				const value = json?.example ?? example;
				if (value === undefined) continue;
				expect(faultsOf(ajv, json?.schema ?? own, value), key).toBeUndefined();
			}
		}
	});
});

async function start(
	schema: Readonly<Record<string, unknown>>,
): Promise<{ app: App; document: OpenApiDocument }> {
	const app = createApp(
		{ connection: { url: ":memory:" }, schema },
		nodePlatform({ logger: silentLogger, env: {}, exposure: "in-process" }),
	);
	onTestFinished(async () => {
		await app.close({ timeout: 0 });
	});
	const response = await app.fetch(requestOf(["GET", "/api/system/openapi.json"]));
	return { app, document: (await response.json()) as OpenApiDocument };
}

/** Creates the examples that this one refers to, and its own unless that is what is shown. */
async function tell(app: App, document: OpenApiDocument, entity: Entity, shown: string) {
	for (const one of [...ancestors(app, entity), entity]) {
		if (shown === `${one.name}.create`) continue;
		const path = `/data/entity/${one.name}`;
		const body = document.paths[path]?.post?.requestBody?.content["application/json"]?.example;
		const response = await app.fetch(requestOf(["POST", `/api${path}`, body]));
		expect(response.status, `${path}: ${await response.text()}`).toBe(201);
	}
}

function ancestors(app: App, entity: Entity): readonly Entity[] {
	const direct = entity.references
		.map(({ table }) => app.em.entity(table))
		.filter((one) => one !== entity);
	return [...new Set([...direct.flatMap((one) => ancestors(app, one)), ...direct])];
}

/** A request with nothing but what is required, and one for each query parameter with an example. */
function requestsOf(document: OpenApiDocument, found: FoundOperation): readonly ShownRequest[] {
	const parameters = (found.operation.parameters ?? []).map((parameter) =>
		resolve<Parameter>(document, parameter),
	);
	const media = found.operation.requestBody?.content["application/json"];
	if (media && media.example === undefined) return [];
	const path = parameters
		.filter((parameter) => parameter.in === "path")
		.reduce(
			(url, { name, example }) => url.replace(`{${name}}`, encodeURIComponent(String(example))),
			found.path,
		);
	const plain = { ...found, url: path, body: media?.example, shows: undefined };
	const queries = parameters.filter(({ in: place, example, content }) => {
		return place === "query" && (example ?? content) !== undefined;
	});
	return [
		plain,
		...queries.map(({ name, example, content }) => {
			const value = content ? JSON.stringify(content["application/json"]?.example) : example;
			const query = new URLSearchParams({ [name]: String(value) });
			return { ...plain, url: `${path}?${String(query)}`, shows: name };
		}),
	];
}

/** The text of a response; of a stream, what comes first. */
async function textOf(response: Response): Promise<string> {
	if (response.headers.get("content-type") !== "application/x-ndjson") return response.text();
	for await (const chunk of response.body ?? []) return new TextDecoder().decode(chunk);
	return "";
}

function answerOf(document: OpenApiDocument, { operation }: FoundOperation, response: Response) {
	const answer = operation.responses[String(response.status)];
	expect(answer, `${operation.operationId} says nothing of ${response.status}`).toBeDefined();
	return resolve<ResponseObject>(document, answer as ResponseObject);
}

function checkAnswer(
	document: OpenApiDocument,
	request: ShownRequest,
	response: Response,
	text: string,
): void {
	const { headers, content } = answerOf(document, request, response);
	for (const name of Object.keys(headers ?? {})) {
		// The tag of a row stands for all of it, and for nothing more.
		if (name === "ETag" && ["select", "with"].includes(request.shows ?? "")) continue;
		expect(response.headers.get(name), `${request.url}: ${name} ${text}`).not.toBeNull();
	}
	const [type] = (response.headers.get("content-type") ?? "").split(";");
	expect(Object.keys(content ?? {})).toContain(type);
}

/** Compares an answer with its example, but for values that the server makes up. */
function compare(entity: Entity | undefined, example: unknown, value: unknown): void {
	if (example === undefined) return;
	const { data: shown } = example as { data?: unknown };
	const { data } = value as { data?: unknown };
	if (!entity || data === undefined) {
		expect(value).toEqual(example);
		return;
	}
	const [row, shownRow] = [data, shown].map((one) => [one].flat()[0] as Record<string, unknown>);
	expect(Object.keys(row ?? {})).toEqual(Object.keys(shownRow ?? {}));
	for (const field of entity.visible.filter((one) => isCertain(entity, one))) {
		expect(row?.[field.name], field.name).toEqual(shownRow?.[field.name]);
	}
	expect({ ...(value as object), data: [] }).toEqual({ ...example, data: [] });
}

/** The schema of rows that have selected fields only. */
function withoutRequired(schema: unknown): unknown {
	const text = JSON.stringify(schema);
	expect(text).toContain("data");
	return JSON.parse(text.replace(/\{"\$ref":"[^"]+Row"\}/g, '{"type":"object"}'));
}
