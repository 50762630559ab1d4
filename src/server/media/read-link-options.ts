import { isPlainObject } from "../../kernel/json.ts";
import { summarize, type FieldError } from "../../kernel/error.ts";
import { didYouMean } from "../../kernel/nearest.ts";
import { MAX_LINK_SECONDS } from "../../media/link-signer.ts";
import type { LinkOptions } from "../../media/media-library.ts";
import { serverErrors } from "../errors.ts";

const NAMES: readonly string[] = ["expiresIn", "direct"];
const MAX_FAULTS = 20;

/**
 * What the body of a request says of a link; nothing at all is the default of each.
 *
 * @throws `bad_options` with the path of each fault.
 */
export function readLinkOptions(body: unknown): LinkOptions {
	if (body === undefined) return {};
	if (!isPlainObject(body))
		throw refused([{ path: "", message: "Expected an object.", code: "type" }]);
	const { expiresIn, direct } = body;
	const faults: FieldError[] = Object.keys(body)
		.filter((name) => !NAMES.includes(name))
		.slice(0, MAX_FAULTS)
		.map((name) => ({
			path: name.slice(0, 64),
			message: `There is no such option.${didYouMean(name, NAMES)}`,
			code: "unknown_field",
		}));
	if (expiresIn !== undefined && !isDuration(expiresIn)) {
		const message = `Expected a whole number of seconds, from 1 to ${MAX_LINK_SECONDS}.`;
		faults.push({ path: "expiresIn", message, code: "type" });
	}
	if (direct !== undefined && typeof direct !== "boolean") {
		faults.push({ path: "direct", message: "Expected true or false.", code: "type" });
	}
	if (faults.length > 0) throw refused(faults);
	return body as LinkOptions;
}

function isDuration(value: unknown): boolean {
	return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_LINK_SECONDS;
}

function refused(errors: readonly FieldError[]): Error {
	return serverErrors.create("bad_options", { summary: summarize(errors) }, { errors });
}
