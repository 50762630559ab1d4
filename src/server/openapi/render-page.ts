import type { JsonSchema } from "../model/json-schema.ts";
import { Html, html } from "./html.ts";
import type { OpenApiDocument, OperationMethod } from "./openapi-document.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { renderOperation, type PlacedOperation } from "./render-operation.ts";
import { renderErrors, renderHeaders, renderQuery } from "./render-guide.ts";
import { schemaNotes, schemaText } from "./schema-text.ts";

const METHODS: readonly OperationMethod[] = ["get", "post", "put", "patch", "delete"];
const BURR = new Html(
	'<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true"><circle cx="12" cy="12" r="4.5" fill="currentColor" stroke="none"/><path d="M12 5V2.500q0-1.500 1.500-1.500M12 19v2.500q0 1.500-1.500 1.500M5 12H2.500Q1 12 1 10.500M19 12h2.500q1.500 0 1.500 1.500M7 7 5.300 5.300q-1-1 0-2.100M17 17l1.700 1.700q1 1 0 2.100M17 7l1.700-1.700q1-1 2.100 0M7 17l-1.700 1.700q-1 1-2.100 0"/></svg>',
);

/** Makes the page that shows a description of an API. */
export function renderPage(document: OpenApiDocument): string {
	const { info, tags } = document;
	const placed = placedOperations(document);
	const asksForToken = placed.some(({ operation }) => operation.security);
	const entities = tags.filter(({ name }) => !name.includes(" "));
	const rest = tags.filter(({ name }) => name.includes(" "));
	const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8">
		<meta name="viewport" content="width=device-width,initial-scale=1">
		<title>HTTP API</title><link rel="icon" href="data:,">
		<style>${new Html(PAGE_STYLE)}</style></head><body>
		<a class="skip" href="#main">To the operations</a><div class="page">
		<header${asksForToken ? html` data-token="yes"` : undefined}>
		<h1>${BURR}HTTP API<small>Burdock ${info.version}</small></h1><p>${info.description}</p>
		<p><a href="openapi.json">openapi.json</a></p></header>
		<nav aria-label="Contents"><details open><summary>Contents</summary>
		${
			entities.length > 0
				? html`<b>Entities</b>
						<ul>
							${entities.map(link)}
						</ul>`
				: undefined
		}
		<b>In general</b><ul>${GUIDE.map(link)}${rest.map(link)}</ul></details></nav>
		<main id="main">
		${tags.map((tag) => renderTag(document, tag, placed))}
		${renderQuery()}${renderErrors(document)}${renderHeaders(document)}
		</main></div><script>${new Html(PAGE_SCRIPT)}</script></body></html>`;
	return page.text;
}

const GUIDE = [
	{ name: "query", description: "Queries" },
	{ name: "errors", description: "Problems" },
	{ name: "headers", description: "Headers" },
] as const;

type Tag = OpenApiDocument["tags"][number];

function link({ name, description }: Tag): Html {
	const isGuide = GUIDE.some((part) => part.name === name);
	return html`<li>
		<a href="#${isGuide ? name : anchor(name)}"
			>${isGuide ? description : title(name, description)}</a
		>
	</li>`;
}

/** The id of a part about a tag: no other id has a colon. */
function anchor(name: string): string {
	return `about:${name.replaceAll(" ", "-")}`;
}

function title(name: string, description: string): string {
	return name.includes(" ") ? `${(name[0] ?? "").toUpperCase()}${name.slice(1)}` : description;
}

function renderTag(document: OpenApiDocument, tag: Tag, placed: readonly PlacedOperation[]): Html {
	const { name, description } = tag;
	const own = placed.filter(({ operation }) => operation.tags.includes(name));
	const isEntity = !name.includes(" ");
	return html`<section id="${anchor(name)}" data-name="${name}">
		<h2>
			${title(name, description)}
			${isEntity && description !== name ? html`<code>${name}</code>` : undefined}
		</h2>
		${isEntity ? renderFields(document, own) : html`<p>${description}</p>`}
		${own.map((one) => renderOperation(document, one))}
	</section>`;
}

/** The table of the fields of an entity: of what comes in, which is all but what is only shown. */
function renderFields(document: OpenApiDocument, placed: readonly PlacedOperation[]): Html {
	const create = placed.find(({ operation }) => operation.operationId.endsWith(".create"));
	const media = create?.operation.requestBody?.content["application/json"];
	const name = media?.schema.anyOf?.[0]?.$ref?.split("/").at(-1) ?? "";
	const { properties = {}, required = [], allOf = [] } = document.components.schemas[name] ?? {};
	const chosen = allOf.flatMap(({ anyOf = [] }) => anyOf[0]?.required ?? []);
	const rows = Object.entries(properties).map(([field, schema]) => {
		const notes = [
			...(required.includes(field) ? ["required"] : []),
			...(chosen.includes(field) ? ["required, or its relation"] : []),
			...schemaNotes(schema),
		];
		const name = html`<td><code>${field}</code></td>`;
		if (isRelation(schema))
			return html`<tr>
				${name}
				<td colspan="2">${schema.description}</td>
			</tr>`;
		return html`<tr>
			${name}
			<td><code>${schemaText(schema)}</code></td>
			<td>${notes.map((note) => html`<span class="tag">${note}</span>`)}</td>
		</tr>`;
	});
	return html`<div class="scroll" tabindex="0" role="region" aria-label="Fields">
		<table>
			<thead>
				<tr>
					<th scope="col">Field</th>
					<th scope="col">Value</th>
					<th scope="col"></th>
				</tr>
			</thead>
			<tbody>
				${rows}
			</tbody>
		</table>
	</div>`;
}

function isRelation({ properties }: JsonSchema): boolean {
	return properties !== undefined && "$set" in properties;
}

function placedOperations(document: OpenApiDocument): readonly PlacedOperation[] {
	const base = document.servers[0]?.url ?? "";
	return Object.entries(document.paths).flatMap(([key, item]) =>
		METHODS.flatMap((method) => {
			const operation = item[method];
			return operation ? [{ method, path: item.servers ? key : `${base}${key}`, operation }] : [];
		}),
	);
}
