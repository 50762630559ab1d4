import { appErrors } from "./errors.ts";

/** The error that lists every fault of a config. */
export function badConfig(problems: readonly string[], cause?: unknown): Error {
	const list = problems.map((problem) => `- ${problem}`).join("\n");
	return appErrors.create("bad_config", { problems: list }, cause === undefined ? {} : { cause });
}
