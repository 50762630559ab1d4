import { isPlainObject } from "../kernel/json.ts";

/** Notes what can't be a duty, in the config and in its plugins, and names that are not unique. */
export function checkDuties(config: Record<string, unknown>, problems: string[]): void {
	const names = new Set<unknown>();
	const { plugins } = config;
	for (const [index, plugin] of (Array.isArray(plugins) ? plugins : []).entries()) {
		if (isPlainObject(plugin)) checkList(plugin.duties, `plugins[${index}].duties`);
	}
	checkList(config.duties, "duties");

	function checkList(duties: unknown, path: string): void {
		if (duties === undefined) return;
		if (!Array.isArray(duties)) {
			problems.push(`${path} is not a list.`);
			return;
		}
		for (const [index, duty] of (duties as readonly unknown[]).entries()) {
			const { name, runOnce } = (duty ?? {}) as Record<string, unknown>;
			if (typeof runOnce !== "function") problems.push(`${path}[${index}] has no runOnce.`);
			if (typeof name !== "string" || name === "") problems.push(`${path}[${index}] has no name.`);
			else if (names.has(name)) problems.push(`Two duties are named ${name}.`);
			names.add(name);
		}
	}
}
