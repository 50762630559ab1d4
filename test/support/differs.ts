import { runtime } from "scenario-runtime";
import type { ScenarioRuntime } from "./scenario-runtime.ts";

/**
 * What a scenario expects on the runtime that it runs on, where runtimes differ.
 *
 * @param difference As the table in `docs/runtimes.md` names it; a test compares both.
 */
export function differs<T>(
	_difference: string,
	expected: Readonly<Record<ScenarioRuntime["name"], T>>,
): T {
	return expected[runtime.name];
}
