import type { FindOptions } from "../../src/data/query/find-options.ts";

type Row = Readonly<Record<string, unknown>>;
/** SQL's three truth values. */
type Truth = boolean | undefined;
type Operators = Readonly<Record<string, (value: unknown, operand: never) => Truth>>;

/** What the query language means, said as slowly and plainly as possible. */
export function findRows(rows: readonly Row[], options: FindOptions): readonly Row[] {
	const { where = {}, limit = 10, offset = 0 } = options;
	return matching(rows, where)
		.toSorted((a, b) => compareBy(a, b, rulesOf(options.sort)))
		.slice(offset, offset + limit);
}

/** The rows for which a condition is true: neither false nor unknown. */
export function matching(rows: readonly Row[], where: object): readonly Row[] {
	return rows.filter((row) => isTrue(row, where));
}

/** Whether a condition is true for a row: neither false nor unknown. */
export function isTrue(row: Row, where: object): boolean {
	return holds(row, where) === true;
}

/** The fields to sort by, `-` before a descending one; at the end the keys. */
export function rulesOf(sort: FindOptions["sort"], keys: readonly string[] = ["id"]) {
	const rules = typeof sort === "string" ? sort.split(",") : ((sort ?? []) as readonly string[]);
	return [...rules, ...keys];
}

/** Which of two rows comes first: below 0 for the first one. */
export function compareBy(a: Row, b: Row, rules: readonly string[]): number {
	for (const rule of rules) {
		const name = rule.replace(/^-/, "");
		const order = compare(a[name] ?? null, b[name] ?? null);
		if (order !== 0) return rule.startsWith("-") ? -order : order;
	}
	return 0;
}

/** NULL before everything else; text by its bytes. */
function compare(a: unknown, b: unknown): number {
	if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
	if (typeof a === "string") return compareBytes(a, b as string);
	const [one, other] = [orderable(a), orderable(b)];
	return one < other ? -1 : one > other ? 1 : 0;
}

function compareBytes(a: string, b: string): number {
	const [one, other] = [a, b].map((text) => new TextEncoder().encode(text));
	for (const [at, byte] of one?.entries() ?? []) {
		const difference = byte - (other?.[at] ?? -1);
		if (difference !== 0) return difference;
	}
	return (one?.length ?? 0) - (other?.length ?? 0);
}

function orderable(value: unknown): number | bigint {
	return value instanceof Date ? value.getTime() : (value as number | bigint);
}

function holds(row: Row, where: object): Truth {
	return all(Object.entries(where).map(([key, value]) => entry(row, key, value)));
}

function entry(row: Row, key: string, value: unknown): Truth {
	if (key === "$not") return not(holds(row, value as object));
	if (key === "$and") return all(parts(row, value));
	if (key === "$or") return any(parts(row, value));
	const field = row[key] ?? null;
	if (value === null) return field === null;
	if (typeof value !== "object" || value instanceof Date)
		return operators.$eq?.(field, value as never);
	return all(
		Object.entries(value).map(([name, operand]) => operators[name]?.(field, operand as never)),
	);
}

function parts(row: Row, value: unknown): readonly Truth[] {
	return Array.isArray(value)
		? value.map((part: object) => holds(row, part))
		: Object.entries(value as object).map(([key, part]) => entry(row, key, part));
}

function not(truth: Truth): Truth {
	return truth === undefined ? undefined : !truth;
}

function all(truths: readonly Truth[]): Truth {
	return truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
}

function any(truths: readonly Truth[]): Truth {
	return truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;
}

/** A comparison of something with NULL is unknown. */
function known(test: (order: number) => boolean) {
	return (value: unknown, operand: unknown): Truth =>
		value === null ? undefined : test(compare(value, operand));
}

const equal = known((order) => order === 0);
const atLeast = known((order) => order >= 0);
const atMost = known((order) => order <= 0);

function text(test: (value: string, operand: string) => boolean) {
	return (value: unknown, operand: string): Truth =>
		value === null ? undefined : test(value as string, operand);
}

const operators: Operators = {
	$eq: (value, operand) => (operand === null ? value === null : equal(value, operand)),
	$ne: (value, operand) => (operand === null ? value !== null : not(equal(value, operand))),
	$gt: known((order) => order > 0),
	$gte: atLeast,
	$lt: known((order) => order < 0),
	$lte: atMost,
	$in: (value, operand: readonly unknown[]) => any(operand.map((item) => equal(value, item))),
	$notin: (value, operand: readonly unknown[]) =>
		not(any(operand.map((item) => equal(value, item)))),
	$between: (value, [low, high]: readonly [unknown, unknown]) =>
		all([atLeast(value, low), atMost(value, high)]),
	$isnull: (value, operand: unknown) => (value === null) === (operand === true || operand === 1),
	$contains: text((value, operand) => value.includes(operand)),
	$startsWith: text((value, operand) => value.startsWith(operand)),
	$endsWith: text((value, operand) => value.endsWith(operand)),
	$like: text((value, pattern) => like(signs(value), signs(pattern))),
	$ilike: text((value, pattern) => like(signs(lower(value)), signs(lower(pattern)))),
};

/** SQLite knows capital letters in ASCII alone. */
function lower(value: string): string {
	return value.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The characters of a text, as SQL counts them: not the halves of a surrogate pair. */
function signs(value: string): readonly string[] {
	return Array.from(value);
}

function like(value: readonly string[], pattern: readonly string[]): boolean {
	const [first, ...rest] = pattern;
	if (first === undefined) return value.length === 0;
	if (first !== "%" && first !== "*") {
		return value.length > 0 && (first === "_" || first === value[0]) && like(value.slice(1), rest);
	}
	return value.some((_, at) => like(value.slice(at), rest)) || like([], rest);
}
