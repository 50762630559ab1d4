import type { JsonSchema } from "../model/json-schema.ts";
import { STATUS, TITLES } from "../problem.ts";
import { filterSchemas } from "./filter-schema.ts";
import type {
	Components,
	Header,
	MediaType,
	Parameter,
	ResponseObject,
} from "./openapi-document.ts";

const count: JsonSchema = { type: "integer", minimum: 0 };
const text: JsonSchema = { type: "string" };

const schemas: Readonly<Record<string, JsonSchema>> = {
	Problem: {
		type: "object",
		description: "What went wrong (RFC 9457). Programs look at code, people read detail.",
		properties: {
			type: text,
			title: text,
			status: { type: "integer", minimum: 400, maximum: 599 },
			detail: text,
			instance: { type: "string", description: "The path of the request." },
			code: { type: "string", description: "A stable name of this error." },
			error: { type: "string", description: "The detail once more." },
			errors: {
				type: "array",
				description: "The faults of an input, all of them.",
				items: { $ref: "#/components/schemas/Fault" },
			},
			details: { type: "object", description: "Further facts, such as a hint." },
			traceId: { type: "string", pattern: "^[0-9a-f]{32}$" },
		},
		required: ["type", "title", "status", "detail", "instance", "code", "error", "traceId"],
	},
	Fault: {
		type: "object",
		properties: {
			path: { type: "string", description: "Where it is, such as where.$or[1].views." },
			message: text,
			code: text,
		},
		required: ["path", "message"],
	},
	ReadMeta: {
		type: "object",
		properties: {
			items: { ...count, description: "Rows in the data." },
			limit: count,
			offset: count,
			count: { ...count, description: "All rows that match, if asked for." },
			total: { ...count, description: "All rows, if asked for." },
			cursor: {
				type: ["string", "null"],
				description: "Where the next page begins, if asked by cursor; null after the last row.",
			},
		},
		required: ["items"],
	},
	WriteMeta: {
		type: "object",
		properties: {
			items: { ...count, description: "Rows in the data." },
			results: {
				type: "array",
				description: "Of a bulk write: what became of each row, in the order of the data.",
				items: {
					type: "string",
					enum: ["inserted", "updated", "deleted", "prevented", "unchanged"],
				},
			},
			prevented: { const: true, description: "A listener prevented it, or a part of it." },
			warnings: {
				type: "array",
				description: "Listeners that failed after the row was stored.",
				items: { type: "object" },
			},
		},
		required: ["items"],
	},
	...filterSchemas(),
};

const headers: Readonly<Record<string, Header>> = {
	"X-Request-Id": {
		description: "The id of the request: the one sent, or a new one.",
		schema: text,
	},
	ETag: { description: "The version of the row, if the answer is all of it.", schema: text },
	"Retry-After": { description: "Seconds after which to try again.", schema: count },
	"WWW-Authenticate": { description: "Which credentials are wanted.", schema: text },
	Allow: { description: "The methods that the path takes.", schema: text },
	"Content-Range": { description: "Which bytes these are, and of how many.", schema: text },
	"Content-Security-Policy": { description: "What the page may load.", schema: text },
};

const parameters: Readonly<Record<string, Parameter>> = {
	"X-Request-Id": {
		name: "X-Request-Id",
		in: "header",
		description: "An id of yours for the log; it comes back.",
		schema: { type: "string", pattern: "^[\\w.:+/=-]{1,128}$" },
	},
	traceparent: {
		name: "traceparent",
		in: "header",
		description: "The W3C trace that this request belongs to.",
		schema: { type: "string", pattern: "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$" },
	},
	"If-Match": {
		name: "If-Match",
		in: "header",
		description: "The ETag of the row as it was read; 412 if it has changed since.",
		schema: text,
	},
	"If-None-Match": {
		name: "If-None-Match",
		in: "header",
		description: "ETags of the row that are known; 304 if one of them still holds.",
		schema: text,
	},
	offset: {
		name: "offset",
		in: "query",
		description: "Rows to pass over.",
		schema: { type: "integer", minimum: 0, default: 0 },
		example: 0,
	},
	cursor: {
		name: "cursor",
		in: "query",
		description: "Pages by position: empty for the first page, then meta.cursor of the last.",
		schema: text,
		example: "",
	},
	count: {
		name: "count",
		in: "query",
		description: "Whether meta.count, of all rows that match, is wanted.",
		schema: { type: "boolean", default: false },
		example: true,
	},
	total: {
		name: "total",
		in: "query",
		description: "Whether meta.total, of all rows, is wanted.",
		schema: { type: "boolean", default: false },
		example: true,
	},
};

const DESCRIPTIONS: Readonly<Record<number, string>> = {
	400: "The request could not be understood.",
	401: "Credentials are missing.",
	403: "The credentials do not allow this.",
	404: "What it is about does not exist.",
	405: "The path does not take this method.",
	409: "It contradicts what is stored.",
	412: "If-Match does not hold.",
	413: "It, or what it asks for, is too large.",
	416: "There is nothing in the range that it asks for.",
	422: "The data was refused.",
	429: "There were too many requests.",
	500: "A fault of the server or of its listeners.",
	503: "Something that is needed does not answer.",
};

const STATUS_HEADERS: Readonly<Record<number, string>> = {
	401: "WWW-Authenticate",
	405: "Allow",
	416: "Content-Range",
	429: "Retry-After",
	503: "Retry-After",
};

/** The pointer to a response component of a failure. */
export function failureRef(status: number): { readonly $ref: string } {
	return { $ref: `#/components/responses/${failureName(status)}` };
}

/** The headers of an answer, by name. */
export function headerRefs(...names: readonly string[]) {
	return Object.fromEntries(
		["X-Request-Id", ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
	);
}

/** What all entities have in common. */
export function sharedComponents(): Components {
	return {
		schemas,
		headers,
		parameters,
		responses: Object.fromEntries(
			Object.values(STATUS).map((status) => [failureName(status), failure(status)]),
		),
		securitySchemes: {
			bearer: { type: "http", scheme: "bearer", description: "The server's BURDOCK_TOKEN." },
		},
	};
}

function failure(status: number): ResponseObject {
	const problem: MediaType = { schema: { $ref: "#/components/schemas/Problem" } };
	const header = STATUS_HEADERS[status];
	return {
		description: DESCRIPTIONS[status] ?? failureName(status),
		headers: headerRefs(...(header ? [header] : [])),
		content: { "application/problem+json": problem, "application/json": problem },
	};
}

/** `NotFound` for 404. */
function failureName(status: number): string {
	return (TITLES[status] ?? String(status)).replaceAll(" ", "");
}
