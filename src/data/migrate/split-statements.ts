import { sqlTokens } from "./sql-tokens.ts";

/** The statements of a file of SQL, without the semicolons and comments between them. */
export function splitStatements(sql: string): readonly string[] {
	const statements: string[] = [];
	let start: number | undefined;
	let end = 0;
	let words = 0;
	let isTrigger = false;
	let depth = 0;
	const finish = (): void => {
		if (start !== undefined) statements.push(sql.slice(start, end));
		start = undefined;
		[words, depth, isTrigger] = [0, 0, false];
	};
	for (const token of sqlTokens(sql)) {
		if (token.kind === "other" && token.text === ";" && depth === 0) {
			finish();
			continue;
		}
		start ??= token.start;
		end = token.end;
		if (token.kind !== "word") continue;
		if (++words <= 3 && token.text === "trigger") isTrigger = true;
		if (!isTrigger) continue;
		if (token.text === "begin" || token.text === "case") depth++;
		else if (token.text === "end") depth--;
	}
	finish();
	return statements;
}
