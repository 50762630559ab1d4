import type { Entity } from "../../data/schema/entity.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { AppOperation } from "../openapi/app-operations.ts";
import { answer, failures, json, listOf } from "../openapi/answer.ts";
import { schemaRef } from "../openapi/component-name.ts";
import type { Parameter, RequestBody } from "../openapi/openapi-document.ts";
import {
	nameParameter,
	newFileConditions,
	pathParameter,
	queryParameter,
	writeConditions,
} from "./media-parameters.ts";

type Untagged = Omit<AppOperation, "tags">;

const text: JsonSchema = { type: "string" };
const pixels: JsonSchema = { type: "integer", minimum: 1, description: "Pixels." };
const NULL: JsonSchema = { type: "null" };
const PREVENTED = "A listener prevented it, and nothing was stored.";

/** An upload under a random name, or under the one of the path. */
export function uploadOperation(media: Entity, operationId: "upload" | "uploadAs"): Untagged {
	const named = operationId === "uploadAs";
	return {
		operationId,
		summary: named ? "Store a file under a name" : "Store a file under a random name",
		parameters: named
			? [
					nameParameter(),
					...writeConditions(),
					overwrite("Whether a file of this name is replaced."),
				]
			: newFileConditions(),
		requestBody: fileBody(),
		responses: {
			201: answer("The stored file.", json(fileAnswer({ data: row(media) }))),
			202: answer(PREVENTED, json(fileAnswer({ data: NULL }))),
			...failures(400, 409, 412, 413, 422),
		},
	};
}

/** An upload to a row. */
export function attachOperation(media: Entity): Untagged {
	return {
		operationId: "uploadTo",
		summary: "Store a file, and let it belong to a row",
		parameters: [
			pathParameter("entity", "The entity of the row.", "posts"),
			pathParameter("id", "The id of the row.", "1"),
			pathParameter("field", "A relation to media, or the field of its key.", "cover"),
			...newFileConditions(),
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

function overwrite(description: string): Parameter {
	return queryParameter("overwrite", description, { type: "boolean", default: false });
}
