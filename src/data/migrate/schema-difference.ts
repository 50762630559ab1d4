import type { TableShape, TableShapes } from "./table-shape.ts";
import { compareTable, type TableDifference } from "./table-difference.ts";

const NOTHING = { added: [], dropped: [], newIndexes: [], oldIndexes: [], rebuild: false } as const;

/** Everything in which a database differs from the schema. */
export class SchemaDifference {
	readonly wanted: TableShapes;
	readonly actual: TableShapes;
	/** Of tables of the schema that the database has differently, or not at all. */
	readonly tables: readonly TableDifference[];

	/**
	 * @param managed Names of tables and indexes, in lower case, that were the schema's once: without
	 * them the schema lacks nothing, so they are differences too. Others' are left alone.
	 */
	constructor(wanted: TableShapes, actual: TableShapes, managed: ReadonlySet<string> = new Set()) {
		this.wanted = resolveTargets(wanted);
		this.actual = resolveTargets(actual);
		const differences: TableDifference[] = [];
		for (const [key, table] of this.wanted) {
			const found = this.actual.get(key);
			if (found === undefined) {
				const { name } = table;
				const problems = [`There is no table ${name}.`];
				differences.push({ ...NOTHING, name, wanted: table, actual: undefined, problems });
				continue;
			}
			const difference = withoutForeign(compareTable(table, found), managed);
			if (isAny(difference)) differences.push(difference);
		}
		for (const [key, table] of this.actual) {
			if (wanted.has(key) || !managed.has(key)) continue;
			const { name } = table;
			const problems = [`There is a table ${name}, the schema has none.`];
			differences.push({ ...NOTHING, name, wanted: undefined, actual: table, problems });
		}
		this.tables = differences;
	}

	/** In words, one sentence each; what changes no answer of the database is left out. */
	get problems(): readonly string[] {
		return this.tables.flatMap((table) => table.problems);
	}

	/** Whether new tables, new columns and new indexes are all that it takes. */
	get additive(): boolean {
		return this.tables.every(
			({ wanted, rebuild, dropped, oldIndexes }) =>
				wanted !== undefined &&
				!rebuild &&
				dropped.length === 0 &&
				!oldIndexes.some(({ unique }) => unique),
		);
	}

	/** Tables and columns that would be gone with their data: `posts`, `posts.title`. */
	get losses(): readonly string[] {
		return this.tables.flatMap(({ name, wanted, dropped }) =>
			wanted === undefined ? [name] : dropped.map((column) => `${name}.${column.name}`),
		);
	}
}

function isAny({ problems, oldIndexes }: TableDifference): boolean {
	return problems.length + oldIndexes.length > 0;
}

/** Leaves indexes alone that somebody else made and that change no answer. */
function withoutForeign(
	difference: TableDifference,
	managed: ReadonlySet<string>,
): TableDifference {
	const replaced = new Set(difference.newIndexes.map(({ name }) => name?.toLowerCase()));
	const dropped = new Set(difference.dropped.map(({ name }) => name.toLowerCase()));
	const oldIndexes = difference.oldIndexes.filter(({ name, unique, parts, where = "" }) => {
		const key = name?.toLowerCase();
		const known = key !== undefined && managed.has(key);
		const words = [...parts, where].join(" ").split(" ");
		return unique || known || replaced.has(key) || words.some((word) => dropped.has(word));
	});
	return { ...difference, oldIndexes };
}

/** Writes out the columns that `references people` leaves to the primary key. */
function resolveTargets(tables: TableShapes): TableShapes {
	return new Map(
		Array.from(tables, ([key, table]): [string, TableShape] => {
			if (table.foreignKeys.every(({ targets }) => targets.length > 0)) return [key, table];
			const foreignKeys = table.foreignKeys.map((foreign) => {
				const primary = tables.get(foreign.table.toLowerCase())?.primaryKey ?? [];
				return foreign.targets.length > 0 ? foreign : { ...foreign, targets: primary };
			});
			return [key, { ...table, foreignKeys }];
		}),
	);
}
