import type { SchemaDifference } from "../data/migrate/schema-difference.ts";
import type { Rename } from "./rename.ts";

/** Something of the schema that may be something old under another name. */
interface Question {
	/** What is new: `posts.headline`. */
	readonly what: string;
	readonly candidates: readonly Candidate[];
}

/** What it may have been. */
interface Candidate {
	readonly name: string;
	readonly rename: Rename;
}

type Ask = (question: string) => Promise<string>;

/**
 * Asks, for everything new beside which something is gone, which of it it was.
 * @param ask Shows a question and resolves to what was typed.
 */
export async function askRenames(
	difference: SchemaDifference,
	ask: Ask,
): Promise<readonly Rename[]> {
	const renames: Rename[] = [];
	const taken = new Set<string>();
	for (const { what, candidates } of questionsOf(difference)) {
		const free = candidates.filter(({ name }) => !taken.has(name));
		if (free.length === 0) continue;
		const chosen = await choose({ what, candidates: free }, ask);
		if (chosen === undefined) continue;
		taken.add(chosen.name);
		renames.push(chosen.rename);
	}
	return renames;
}

/** Asks until the answer is one of the choices. */
async function choose({ what, candidates }: Question, ask: Ask): Promise<Candidate | undefined> {
	const choices = candidates.map(({ name }, index) => `  ${index + 1}  it was ${name}`).join("\n");
	for (;;) {
		const answer = (await ask(`${what}:\n  0  it is new\n${choices}\n[0] `)).trim() || "0";
		if (!/^\d+$/.test(answer) || Number(answer) > candidates.length) continue;
		return candidates[Number(answer) - 1];
	}
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
