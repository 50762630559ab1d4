import { isPromise } from "../kernel/maybe.ts";
import type { Maybe } from "../kernel/maybe.ts";
import { summarize } from "../kernel/error.ts";
import { issuePath } from "../kernel/schema.ts";
import type { SchemaResult, StandardSchema } from "../kernel/schema.ts";
import { coreError, EventError } from "./core-error.ts";
import type { AnyEvent } from "./event-class.ts";
import { stateOf } from "./event.ts";

/** @throws {EventError} `bad_schema` when it does not speak Standard Schema. */
export function checkSchema(schema: unknown, slug: string): void {
	const standard = (schema as StandardSchema | null)?.["~standard"];
	if (typeof standard?.validate === "function") return;
	throw coreError("bad_schema", { slug });
}

/**
 * Checks an event's params against a schema, once, and replaces them by what it makes of them.
 *
 * @throws {EventError} (or rejects) `event_invalid` with every fault; `schema_failed`.
 */
export function checkParams(event: AnyEvent, schema: StandardSchema): Maybe<void> {
	const accept = (result: SchemaResult<unknown>): void => {
		if (result.issues !== undefined) throw invalid(event.slug, result.issues);
		(event as { params: unknown }).params = result.value;
		stateOf(event).checked = true;
	};
	const failed = (cause: unknown): never => {
		throw cause instanceof EventError
			? cause
			: coreError("schema_failed", { slug: event.slug }, { cause });
	};
	try {
		const result = schema["~standard"].validate(event.params);
		if (!isPromise(result)) return accept(result);
		// The `then` of what is no real promise may return anything.
		return Promise.resolve(result).then(accept).catch(failed);
	} catch (cause) {
		failed(cause);
	}
}

type Issues = (SchemaResult<unknown> & { readonly issues: object })["issues"];

function invalid(slug: string, issues: Issues): Error {
	const errors = issues.map((issue) => ({ path: issuePath(issue), message: issue.message }));
	return coreError("event_invalid", { slug, fault: summarize(errors) }, { errors });
}
