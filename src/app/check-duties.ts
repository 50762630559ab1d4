import { isPlainObject } from "../kernel/json.ts";

/** Notes what can't be a duty, in the config and in its plugins, and names that are not unique. */
export function checkDuties(config: Record<string, unknown>, problems: string[]): void {
	const names = new Set<unknown>();
	for (const [path, duties] of listsOf(config)) {
		if (duties === undefined) continue;
		if (!Array.isArray(duties)) {
			problems.push(`${path} is not a list.`);
			continue;
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

/** What is named `duties`, with its path. */
function listsOf({ plugins, duties }: Record<string, unknown>): readonly [string, unknown][] {
	const all: readonly unknown[] = Array.isArray(plugins) ? plugins : [];
	return [
		...all.map((plugin, index): [string, unknown] => [
			`plugins[${index}].duties`,
			isPlainObject(plugin) ? plugin.duties : undefined,
		]),
		["duties", duties],
	];
}
