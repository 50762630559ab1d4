import type { SchemaDifference } from "../data/migrate/schema-difference.ts";
import type { Rename } from "./rename.ts";

/** Something of the schema that may be something old under another name. */
interface Question {
	/** What is new: `posts.headline`. */
	readonly what: string;
	readonly candidates: readonly { readonly name: string; readonly rename: Rename }[];
}

/**
 * Asks, for everything new beside which something is gone, which of it it was.
 * @param ask Shows a question and resolves to what was typed.
 */
export async function askRenames(
	difference: SchemaDifference,
	ask: (question: string) => Promise<string>,
): Promise<readonly Rename[]> {
	const renames: Rename[] = [];
	const taken = new Set<string>();
	for (const { what, candidates } of questionsOf(difference)) {
		const free = candidates.filter(({ name }) => !taken.has(name));
		if (free.length === 0) continue;
		const choices = free.map(({ name }, index) => `  ${index + 1}  it was ${name}`).join("\n");
		const chosen = free[Number(await ask(`${what}:\n  0  it is new\n${choices}\n[0] `)) - 1];
		if (chosen === undefined) continue;
		taken.add(chosen.name);
		renames.push(chosen.rename);
	}
	return renames;
}

function questionsOf({ tables }: SchemaDifference): readonly Question[] {
	const gone = tables.filter(({ wanted }) => wanted === undefined).map(({ name }) => name);
	return tables.flatMap(({ name: table, wanted, actual, dropped }): readonly Question[] => {
		if (wanted === undefined) return [];
		if (actual === undefined) {
			const candidates = gone.map((name) => ({ name, rename: { table: name, to: table } }));
			return candidates.length === 0 ? [] : [{ what: table, candidates }];
		}
		const missing = [...wanted.columns].filter(([key]) => !actual.columns.has(key));
		if (dropped.length === 0) return [];
		return missing.map(([, { name: to }]) => ({
			what: `${table}.${to}`,
			candidates: dropped.map(({ name: column }) => ({
				name: `${table}.${column}`,
				rename: { table, column, to },
			})),
		}));
	});
}
