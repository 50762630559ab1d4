import { html, type Html } from "./html.ts";
import type { OpenApiDocument } from "./openapi-document.ts";

const PARAMETERS = [
	["where", "A filter, as JSON.", '{"views":{"$gte":10},"state":"live"}'],
	["select", "The fields of the answer.", "id,title"],
	["sort", "Fields to sort by; a minus is descending.", "-publishedAt,id"],
	["limit", "The most rows.", "20"],
	["offset", "Rows to pass over.", "40"],
	["cursor", "Empty for the first page, then meta.cursor of the last one.", ""],
	["count", "Whether meta.count, of all rows that match, is wanted.", "true"],
	["total", "Whether meta.total, of all rows, is wanted.", "true"],
	[
		"with",
		"Relations whose rows come along, each with a query of its own if it is JSON.",
		"author",
	],
	["join", "Relations of which there must be a row.", "comments"],
] as const;

const OPERATORS = [
	["$eq $ne", "Equal to, or not; null is a value."],
	["$gt $gte $lt $lte", "Greater, or less."],
	["$between", "From the first to the second of two values, both included."],
	["$in $notin", "One of a list, or none of it."],
	["$isnull", "true or false."],
	[
		"$like $ilike",
		"A pattern, where * and % are any text, _ is one character; $ilike ignores case.",
	],
	["$contains $startsWith $endsWith", "Text as it is, within, at the beginning, at the end."],
	["$and $or $not", "Around conditions, in any depth up to 10."],
] as const;

/** The part of the page about queries. */
export function renderQuery(): Html {
	return html`<section id="query" data-name="query">
		<h2>Queries</h2>
		<p>
			In a URL, lists are names between commas and objects are JSON; <code>POST …/query</code> takes
			the same as one JSON body.
		</p>
		${table(["Parameter", "Meaning", "Example"], PARAMETERS)}
		<h3>Conditions</h3>
		<p>
			A value means that the field equals it. All conditions of an object must hold. A field of a
			related row is written with a dot: <code>author.name</code>.
		</p>
		${table(["Operators", "Meaning"], OPERATORS)}
	</section>`;
}

/** The part of the page about what goes wrong. */
export function renderErrors({ components }: OpenApiDocument): Html {
	const { properties = {} } = components.schemas["Problem"] ?? {};
	const responses = Object.entries(components.responses).map(
		([name, { description }]) => [name.replace(/(?<=[a-z])(?=[A-Z])/g, " "), description] as const,
	);
	return html`<section id="errors" data-name="errors">
		<h2>Problems</h2>
		<p>
			A failure is a problem as in RFC 9457, with
			${Object.keys(properties).map((name) => html`<code class="tag">${name}</code>`)}.
		</p>
		${table(["Problem", "Meaning"], responses)}
	</section>`;
}

/** The part of the page about headers. */
export function renderHeaders({ components }: OpenApiDocument): Html {
	const sent = Object.values(components.parameters)
		.filter((one) => one.in === "header")
		.map(({ name, description }) => [name, "request", description] as const);
	const answered = Object.entries(components.headers).map(
		([name, { description }]) => [name, "answer", description] as const,
	);
	return html`<section id="headers" data-name="headers">
		<h2>Headers</h2>
		${table(["Header", "In the", "Meaning"], [...sent, ...answered])}
	</section>`;
}

/** A table whose first and last columns are code where they show what to write. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): Html {
	const name = titles[0] ?? "";
	return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}">
		<table>
			<thead>
				<tr>
					${titles.map((title) => html`<th scope="col">${title}</th>`)}
				</tr>
			</thead>
			<tbody>
				${rows.map(
					(cells) =>
						html`<tr>
							${cells.map((cell, index) => html`<td>${isCode(titles[index]) ? html`<code>${cell}</code>` : cell}</td>`)}
						</tr>`,
				)}
			</tbody>
		</table>
	</div>`;
}

function isCode(title: string | undefined): boolean {
	return ["Parameter", "Example", "Operators", "Header"].includes(title ?? "");
}
