import type { JsonSchema } from "../model/json-schema.ts";
import { answer, failures } from "./answer.ts";
import type { Operation } from "./openapi-document.ts";

const text: JsonSchema = { type: "string" };
const count: JsonSchema = { type: "integer", minimum: 0 };

const event = {
	id: text,
	time: { type: "string", format: "date-time" },
	slug: { type: "string", description: "The name of the event's class." },
	topic: { type: "string", description: "Where it happened." },
	path: { type: "string", description: "What it happened to." },
	actor: { type: "string", description: "The id of who acted." },
	depth: { ...count, description: "How many listeners lie between it and what nothing caused." },
	params: { description: "A copy without secrets and hidden fields." },
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** What the description of the API says of following the events. */
export function tailOperation(): Omit<Operation, "security" | "tags"> {
	const line: JsonSchema = {
		description:
			"One line of many. Blank lines in between say that the server is still there; the first line is blank.",
		anyOf: [
			{ type: "object", properties: event, required: ["id", "time", "slug", "topic", "depth"] },
			{
				type: "object",
				properties: { dropped: { ...count, description: "Events lost by reading too slowly." } },
				required: ["dropped"],
			},
		],
	};
	return {
		operationId: "systemEvents",
		summary: "Follow events as they happen",
		parameters: [
			{
				name: "ref",
				in: "query",
				description: "A slug, a topic or a pattern; it may be there several times. Default: all.",
				style: "form",
				explode: true,
				schema: { type: "array", items: text },
				example: ["data.*.insert.after"],
			},
		],
		responses: {
			200: answer("Lines without end.", { "application/x-ndjson": { schema: line } }),
			...failures(400, 422),
		},
	};
}
