import { html, type Html } from "./html.ts";
import type {
	MediaType,
	OpenApiDocument,
	Operation,
	Parameter,
	Ref,
	ResponseObject,
} from "./openapi-document.ts";
import { schemaText } from "./schema-text.ts";

/** An operation, and where it is. */
export interface PlacedOperation {
	readonly method: string;
	/** From the root of the server. */
	readonly path: string;
	readonly operation: Operation;
}

/** One operation as a part of the page that opens. */
export function renderOperation(document: OpenApiDocument, placed: PlacedOperation): Html {
	const { method, path, operation } = placed;
	const parameters = (operation.parameters ?? []).map((one) => resolve<Parameter>(document, one));
	const media = operation.requestBody?.content["application/json"];
	const attributes = html`data-method="${method.toUpperCase()}" data-path="${path}"`;
	const query = parameters.some((one) => one.in === "query") ? html` data-query` : undefined;
	const body = media && html` data-body="${pretty(media.example ?? {})}"`;
	return html`<details class="op" id="${operation.operationId}" ${attributes}${query}${body}>
		<summary>
			<span class="m ${method}">${method.toUpperCase()}</span><code>${path}</code>
			<span>${operation.summary}</span>
		</summary>
		<div>
			${operation.description && html`<p>${operation.description}</p>`}
			${renderParameters(parameters)} ${media && renderExample("Body", media)}
			${renderResponses(document, operation)}
		</div>
	</details>`;
}

/** What a pointer of the document points to. */
export function resolve<T extends object>(document: OpenApiDocument, value: T | Ref): T {
	if (!("$ref" in value)) return value;
	const [, , kind, name] = value.$ref.split("/") as [string, string, string, string];
	const components = document.components as unknown as Record<string, Record<string, unknown>>;
	return components[kind]?.[name] as T;
}

function renderParameters(parameters: readonly Parameter[]): Html | undefined {
	if (parameters.length === 0) return undefined;
	const own = parameters.filter((one) => one.in !== "query");
	const queries = parameters.filter((one) => one.in === "query");
	return html`<h4>Parameters</h4>
		<ul>
			${own.map(renderParameter)}
			${
				queries.length > 0
					? html`<li>
							${queries.map(({ name }) => html`<code class="tag">${name}</code>`)}
							<a href="#query">in the query</a>
						</li>`
					: undefined
			}
		</ul>`;
}

function renderParameter(parameter: Parameter): Html {
	const { name, in: place, description, schema, example } = parameter;
	const shown = example === undefined ? undefined : html` data-example="${String(example)}"`;
	const fill = place === "path" ? html` data-parameter="${name}"${shown}` : undefined;
	return html`<li${fill}><code>${name}</code> <span class="dim">${place}, ${schemaText(schema ?? {})}</span>
		 ${description}</li>`;
}

function renderResponses(document: OpenApiDocument, { responses }: Operation): Html {
	const all = Object.entries(responses).map(
		([status, one]) => [status, resolve<ResponseObject>(document, one)] as const,
	);
	const good = all.filter(([status]) => status < "300");
	const bad = all.filter(([status]) => status >= "300");
	return html`<h4>Answers</h4>
		<ul>
			${good.map(
				([status, { description }]) => html`<li><code>${status}</code> ${description}</li>`,
			)}
		</ul>
		${good.map(([, { content }]) => {
			const media = content?.["application/json"];
			return media?.example === undefined ? html`` : renderExample(undefined, media);
		})}
		<p>
			${bad.map(([status]) => html`<code class="tag">${status}</code>`)}
			<a href="#errors">problems</a>
		</p>`;
}

function renderExample(title: string | undefined, media: MediaType): Html {
	const heading = title && html`<h4>${title}</h4>`;
	return html`${heading}
		<pre><code>${pretty(media.example ?? {})}</code></pre>`;
}

function pretty(value: unknown): string {
	return JSON.stringify(value, null, 2);
}
