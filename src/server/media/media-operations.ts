import type { Entity } from "../../data/schema/entity.ts";
import { IMAGE_FITS, IMAGE_FORMATS, IMAGE_SIZES } from "../../media/image-form.ts";
import type { MediaOptions } from "../../media/media-options.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { ModelView } from "../model/model-view.ts";
import type { AppOperation } from "../openapi/app-operations.ts";
import { answer, envelope, failures, json, listOf } from "../openapi/answer.ts";
import { schemaRef } from "../openapi/component-name.ts";
import { listParameters } from "../openapi/entity-parameters.ts";
import type { Parameter } from "../openapi/openapi-document.ts";
import { headerRefs } from "../openapi/shared-components.ts";
import {
	headerParameter,
	nameParameter,
	queryParameter,
	writeConditions,
} from "./media-parameters.ts";
import type { ServerPart } from "../server-part.ts";
import { attachOperation, uploadOperation } from "./upload-operations.ts";

const TAGS = ["about files"] as const;
const text: JsonSchema = { type: "string" };

/** The tags of the operations below. */
export const MEDIA_TAGS = [
	{ name: TAGS[0], description: "Files: uploads, downloads, links." },
] as const;

/** Which forms of images there are; false for none. */
type Images = MediaOptions["images"];
/** An operation before it has its tag. */
type Untagged = Omit<AppOperation, "tags">;
type MediaOperation = (view: ModelView, media: Entity) => Untagged;

/**
 * What the description of the API says of files, to those who may read their entity.
 * @param images Which forms of images there are; false for none. Default: the usual ones.
 */
export function mediaOperations(images: Images): ServerPart["operations"] {
	const operations: Readonly<Record<string, MediaOperation>> = {
		"GET /media/files": list,
		"GET /media/file/:name": () => read(images),
		"DELETE /media/file/:name": remove,
		"POST /media/file/:name/link": link,
		"POST /media/upload": (_, media) => uploadOperation(media, "upload"),
		"POST /media/upload/:name": (_, media) => uploadOperation(media, "uploadAs"),
		"POST /media/entity/:entity/:id/:field": (_, media) => attachOperation(media),
	};
	return Object.fromEntries(
		Object.entries(operations).map(([key, make]) => [
			key,
			(view: ModelView): AppOperation | undefined => {
				const media = view.entities.find(({ name }) => name === "media");
				return media && { ...make(view, media), tags: TAGS };
			},
		]),
	);
}

function list(view: ModelView, media: Entity): Untagged {
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
		summary: "List files",
		parameters: listParameters(view, media),
		responses: {
			200: answer("The rows of the files.", json(envelope(listOf(item), "ReadMeta"))),
			...failures(400),
		},
	};
}

function read(images: Images): Untagged {
	const file = { "*/*": { schema: {} } };
	return {
		operationId: "readFile",
		summary: "Send a file",
		description:
			"Conditional requests and one range of bytes are understood." +
			(images === false ? "" : " An image comes in another form when the query says which."),
		parameters: [nameParameter(), ...readHeaders(), ...formParameters(images), ...linkParameters()],
		responses: {
			200: answer("The file.", file, ["ETag"]),
			206: answer("A part of it.", file, ["ETag", "Content-Range"]),
			304: { description: "It is as the request says.", headers: headerRefs("ETag") },
			...failures(400, 404, 412, 416, 422),
		},
	};
}

function readHeaders(): readonly Parameter[] {
	return [
		headerParameter("Range", "One range of bytes."),
		headerParameter(
			"If-Range",
			"An ETag: the range holds if the file has it, else all of it comes.",
		),
		headerParameter("If-Match", "ETags of the file: 412 if it has none of them."),
		headerParameter("If-None-Match", "ETags that are known: 304 if the file has one of them."),
		headerParameter("If-Modified-Since", "A date: 304 if the file has not changed since."),
		headerParameter("If-Unmodified-Since", "A date: 412 if the file has changed since."),
	];
}

function formParameters(images: Images = {}): readonly Parameter[] {
	if (images === false) return [];
	const { sizes = IMAGE_SIZES, formats = IMAGE_FORMATS } = images;
	const pixels: JsonSchema = { type: "integer", enum: sizes, description: "Pixels." };
	return [
		queryParameter("width", "Of an image.", pixels),
		queryParameter("height", "Of an image.", pixels),
		queryParameter("fit", "How an image fills both.", { type: "string", enum: IMAGE_FITS }),
		queryParameter("format", "What an image is made into.", { type: "string", enum: formats }),
	];
}

function linkParameters(): readonly Parameter[] {
	return [
		queryParameter("download", "If it is there, a browser saves the file.", text),
		queryParameter("v", "The etag of the file: then it may be kept for good.", text),
		queryParameter("expires", "Of a signed link.", text),
		queryParameter("signature", "Of a signed link.", text),
	];
}

function remove(_: ModelView, media: Entity): Untagged {
	const deleted: JsonSchema = {
		type: "object",
		properties: {
			message: {
				type: "string",
				enum: ["File deleted", "File kept"],
				description: "It is kept when a listener prevents the deletion.",
			},
			data: schemaRef(media, "Row"),
			meta: { $ref: "#/components/schemas/WriteMeta" },
		},
		required: ["message", "data", "meta"],
	};
	return {
		operationId: "deleteFile",
		summary: "Delete a file",
		parameters: [nameParameter(), ...writeConditions()],
		responses: {
			200: answer("The row as it was.", json(deleted)),
			...failures(400, 404, 409, 412),
		},
	};
}

function link(): Untagged {
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
		summary: "Make a link to a file that ends",
		parameters: [nameParameter()],
		requestBody: { required: false, content: json(options, { expiresIn: 60 }) },
		responses: {
			200: answer("The link.", json({ type: "object", properties: { data }, required: ["data"] })),
			...failures(400, 404, 413, 422),
		},
	};
}
