import type { Entity } from "../../data/schema/entity.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { ModelView } from "../model/model-view.ts";
import type { AppOperation } from "../openapi/app-operations.ts";
import { answer, envelope, failures, json, listOf } from "../openapi/answer.ts";
import { schemaRef } from "../openapi/component-name.ts";
import { listParameters } from "../openapi/entity-parameters.ts";
import type { Parameter, Ref, RequestBody } from "../openapi/openapi-document.ts";
import { headerRefs } from "../openapi/shared-components.ts";

const TAGS = ["about files"] as const;
const text: JsonSchema = { type: "string" };
const pixels: JsonSchema = { type: "integer", minimum: 1, description: "Pixels." };

const NULL: JsonSchema = { type: "null" };
const PREVENTED = "A listener prevented it, and nothing was stored.";

/** The tags of the operations below. */
export const MEDIA_TAGS = [
	{ name: TAGS[0], description: "Files: uploads, downloads, links." },
] as const;

type MediaOperation = (view: ModelView, media: Entity) => AppOperation;

/** What the description of the API says of files, to those who may read their entity. */
export const mediaOperations = Object.fromEntries(
	Object.entries({
		"GET /media/files": list,
		"GET /media/file/:name": read,
		"DELETE /media/file/:name": remove,
		"POST /media/file/:name/link": link,
		"POST /media/upload": (_, media) => upload(media, "upload"),
		"POST /media/upload/:name": (_, media) => upload(media, "uploadAs"),
		"POST /media/entity/:entity/:id/:field": (_, media) => attach(media),
	} satisfies Readonly<Record<string, MediaOperation>>).map(([key, make]) => [
		key,
		(view: ModelView): AppOperation | undefined => {
			const media = view.entities.find(({ name }) => name === "media");
			return media && make(view, media);
		},
	]),
);

function list(view: ModelView, media: Entity): AppOperation {
	const item: JsonSchema = {
		allOf: [
			schemaRef(media, "Row"),
			{
				type: "object",
				properties: {
					last_modified: {
						type: "string",
						format: "date-time",
						description: "The same as updatedAt.",
					},
				},
			},
		],
	};
	return {
		operationId: "listFiles",
		tags: TAGS,
		summary: "List files",
		parameters: listParameters(view, media),
		responses: {
			200: answer("The rows of the files.", json(envelope(listOf(item), "ReadMeta"))),
			...failures(400),
		},
	};
}

function read(): AppOperation {
	const file = { "*/*": { schema: {} } };
	return {
		operationId: "readFile",
		tags: TAGS,
		summary: "Send a file",
		description:
			"Conditional requests and one range of bytes are understood. An image comes in another form when " +
			"the query says which.",
		parameters: [nameParameter(), ...readHeaders(), ...formParameters(), ...linkParameters()],
		responses: {
			200: answer("The file.", file, ["ETag"]),
			206: answer("A part of it.", file, ["ETag", "Content-Range"]),
			304: { description: "It is as the request says.", headers: headerRefs("ETag") },
			...failures(400, 404, 412, 416, 422),
		},
	};
}

function readHeaders(): readonly (Parameter | Ref)[] {
	return [
		{ name: "Range", in: "header", description: "One range of bytes.", schema: text },
		{ $ref: "#/components/parameters/If-Match" },
		{ $ref: "#/components/parameters/If-None-Match" },
	];
}

function formParameters(): readonly Parameter[] {
	return [
		query("width", "Of an image.", pixels),
		query("height", "Of an image.", pixels),
		query("fit", "How an image fills both.", enumOf("cover", "contain", "scale-down")),
		query("format", "What an image is made into.", enumOf("webp", "avif", "jpeg", "png")),
	];
}

function linkParameters(): readonly Parameter[] {
	return [
		query("download", "If it is there, a browser saves the file.", text),
		query("v", "The etag of the file: then it may be kept for good.", text),
		query("expires", "Of a signed link.", text),
		query("signature", "Of a signed link.", text),
	];
}

function remove(_: ModelView, media: Entity): AppOperation {
	const deleted: JsonSchema = {
		type: "object",
		properties: { message: { const: "File deleted" }, data: schemaRef(media, "Row") },
		required: ["message", "data"],
	};
	return {
		operationId: "deleteFile",
		tags: TAGS,
		summary: "Delete a file",
		parameters: [nameParameter(), { $ref: "#/components/parameters/If-Match" }],
		responses: {
			200: answer("The row that was deleted.", json(deleted)),
			...failures(400, 404, 409, 412),
		},
	};
}

function link(): AppOperation {
	const options: JsonSchema = {
		type: "object",
		properties: {
			expiresIn: {
				type: "integer",
				minimum: 1,
				maximum: 604_800,
				default: 3600,
				description: "Seconds.",
			},
			direct: {
				type: "boolean",
				default: false,
				description: "Whether the store itself answers, where it can.",
			},
		},
		additionalProperties: false,
	};
	const url = { type: "string", description: "A path here, or a URL of the store." } as const;
	const data: JsonSchema = {
		type: "object",
		properties: { url, expires: { type: "string", format: "date-time" } },
		required: ["url", "expires"],
	};
	return {
		operationId: "linkFile",
		tags: TAGS,
		summary: "Make a link to a file that ends",
		parameters: [nameParameter()],
		requestBody: { required: false, content: json(options, { expiresIn: 60 }) },
		responses: {
			200: answer("The link.", json({ type: "object", properties: { data }, required: ["data"] })),
			...failures(400, 404, 413, 422),
		},
	};
}

function upload(media: Entity, operationId: "upload" | "uploadAs"): AppOperation {
	const named = operationId === "uploadAs";
	return {
		operationId,
		tags: TAGS,
		summary: named ? "Store a file under a name" : "Store a file under a random name",
		parameters: named
			? [nameParameter(), overwrite("Whether a file of this name is replaced.")]
			: [],
		requestBody: fileBody(),
		responses: {
			201: answer("The stored file.", json(fileAnswer({ data: row(media) }))),
			202: answer(PREVENTED, json(fileAnswer({ data: NULL }))),
			...failures(400, 409, 412, 413, 422),
		},
	};
}

function attach(media: Entity): AppOperation {
	return {
		operationId: "uploadTo",
		tags: TAGS,
		summary: "Store a file, and let it belong to a row",
		parameters: [
			path("entity", "The entity of the row.", "posts"),
			path("id", "The id of the row.", "1"),
			path("field", "A relation to media, or the field of its key.", "cover"),
			overwrite("Whether the file that is there is replaced, and deleted."),
		],
		requestBody: fileBody(),
		responses: {
			201: answer(
				"The stored file.",
				json(fileAnswer({ result: row(media), ok: { const: true } })),
			),
			202: answer(PREVENTED, json(fileAnswer({ result: NULL, ok: { const: false } }))),
			...failures(400, 404, 409, 412, 413, 422),
		},
	};
}

function fileBody(): RequestBody {
	const file: JsonSchema = { type: "string", format: "binary" };
	return {
		description: "The file as it is, or a form with one file.",
		required: true,
		content: {
			"*/*": { schema: {} },
			"multipart/form-data": {
				schema: { type: "object", properties: { file }, required: ["file"] },
			},
		},
	};
}

function row(media: Entity): JsonSchema {
	return schemaRef(media, "Row");
}

/** @param own What the answer has beside what all of them have. */
function fileAnswer(own: Readonly<Record<string, JsonSchema>>): JsonSchema {
	const size: JsonSchema = { type: "integer", minimum: 0, description: "Bytes." };
	const meta: JsonSchema = {
		type: "object",
		properties: { type: text, size, width: pixels, height: pixels },
		required: ["type", "size"],
	};
	const state: JsonSchema = {
		type: "object",
		properties: { name: text, path: text },
		required: ["name", "path"],
	};
	const properties = { ...own, name: text, meta, etag: text, state };
	const warnings = listOf({ type: "object" });
	return {
		type: "object",
		properties: { ...properties, warnings },
		required: Object.keys(properties),
	};
}

function nameParameter(): Parameter {
	return path("name", "The public name of the file.", "cover.png");
}

function overwrite(description: string): Parameter {
	return query("overwrite", description, { type: "boolean", default: false });
}

function path(name: string, description: string, example: string): Parameter {
	return { name, in: "path", required: true, description, schema: text, example };
}

function query(name: string, description: string, schema: JsonSchema): Parameter {
	return { name, in: "query", description, schema };
}

function enumOf(...values: readonly string[]): JsonSchema {
	return { type: "string", enum: values };
}
