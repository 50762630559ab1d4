import { createInterface } from "node:readline/promises";
import type { SchemaDifference } from "../data/schema-difference.ts";
import type { Rename } from "./rename.ts";

/** Something of the schema that may be something old under another name. */
interface Question {
	/** What is new: `posts.headline`. */
	readonly what: string;
	readonly candidates: readonly { readonly name: string; readonly rename: Rename }[];
}

/** Asks at the terminal, for everything new beside which something is gone, which of it it was. */
export async function askRenames(difference: SchemaDifference): Promise<readonly Rename[]> {
	const questions = questionsOf(difference);
	if (questions.length === 0) return [];
	const terminal = createInterface({ input: process.stdin, output: process.stderr });
	const renames: Rename[] = [];
	const taken = new Set<string>();
	try {
		for (const { what, candidates } of questions) {
			const free = candidates.filter(({ name }) => !taken.has(name));
			if (free.length === 0) continue;
			const choices = free.map(({ name }, index) => `  ${index + 1}  it was ${name}`).join("\n");
			const answer = await terminal.question(`${what}:\n  0  it is new\n${choices}\n[0] `);
			const chosen = free[Number(answer) - 1];
			if (chosen === undefined) continue;
			taken.add(chosen.name);
			renames.push(chosen.rename);
		}
	} finally {
		terminal.close();
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
