import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { FieldError } from "../../kernel/error.ts";
import { columnName, type Casing } from "./casing.ts";
import { codecOf, INVALID, type Codec, type FieldType } from "./codec.ts";
import type { SqlParameter, SqlValue } from "../database.ts";
import { isExpression } from "./is-expression.ts";

const TYPES: Readonly<Record<string, FieldType>> = {
	SQLiteInteger: "integer",
	SQLiteReal: "real",
	SQLiteNumeric: "numeric",
	SQLiteNumericNumber: "real",
	SQLiteNumericBigInt: "bigint",
	SQLiteBigInt: "bigint",
	SQLiteText: "text",
	SQLiteBoolean: "boolean",
	SQLiteTimestamp: "date",
	SQLiteTextJson: "json",
	SQLiteBlobJson: "json",
	SQLiteBlobBuffer: "blob",
	SQLiteCustomColumn: "custom",
};

/** Types whose stored form is their JavaScript form, so that rows need no decoding for them. */
const PLAIN: ReadonlySet<string> = new Set(["SQLiteInteger", "SQLiteReal", "SQLiteText"]);

/** Types whose values may be integers beyond 2^53. */
const LARGE_TYPES: ReadonlySet<FieldType> = new Set(["bigint", "numeric", "custom"]);
/** Integers beyond 2^53, which some engines return as text: see `SelectList`. */
const LARGE = /^-?\d{16,19}$/;
/** Types of columns that keep no text of digits: SQLite makes numbers of it. */
const NUMBERS = /int|^(?!.*(?:char|clob|text|blob|real|floa|doub)).+/i;

/** What a custom column may store, beside bytes and booleans. */
const CUSTOM_FORMS: readonly FieldType[] = ["text", "real", "bigint"];

/** The field type of a Drizzle column, or undefined when it cannot be served. */
export function fieldTypeOf(column: SQLiteColumn): FieldType | undefined {
	return TYPES[column.columnType];
}

/** @param large Whether a text of digits stands for an integer that the engine could not return. */
function decoder(column: SQLiteColumn, large: boolean): (value: SqlValue) => unknown {
	if (!large) return (value) => (value === null ? null : column.mapFromDriverValue(value));
	return (value) => {
		if (value === null) return null;
		const isLarge = typeof value === "string" && LARGE.test(value);
		return column.mapFromDriverValue(isLarge ? BigInt(value) : value);
	};
}

/** A column of an entity, under the property key that it has in the Drizzle table. */
export class Field {
	readonly name: string;
	readonly column: SQLiteColumn;
	/** The name of its column in SQL, which need not be the name that Drizzle's column has. */
	readonly columnName: string;
	/** The quoted SQL identifier. */
	readonly identifier: string;
	/** Its place in the entity's list of fields. */
	readonly index: number;
	readonly type: FieldType;
	readonly hidden: boolean;
	readonly enumValues: readonly string[] | undefined;
	readonly maxLength: number | undefined;
	/** Decodes a stored value; undefined where the stored value is the value. */
	readonly fromSql: ((value: SqlValue) => unknown) | undefined;
	/** Whether it may hold integers beyond 2^53, which mean something to it. */
	readonly mayBeLarge: boolean;
	readonly #codec: Codec;
	readonly #stored: boolean;

	constructor(name: string, column: SQLiteColumn, type: FieldType, options: FieldOptions) {
		this.name = name;
		this.column = column;
		this.type = type;
		this.index = options.index;
		this.hidden = options.hidden;
		this.columnName = columnName(column, options.casing);
		this.identifier = `"${this.columnName.replaceAll('"', '""')}"`;
		this.enumValues = column.enumValues;
		this.maxLength = "length" in column ? (column.length as number | undefined) : undefined;
		this.#codec = codecOf(type);
		this.#stored = PLAIN.has(column.columnType);
		this.mayBeLarge = LARGE_TYPES.has(type) && NUMBERS.test(column.getSQLType());
		this.fromSql = this.#stored ? undefined : decoder(column, this.mayBeLarge && type === "custom");
		Object.freeze(this);
	}

	/** What the field expects, for messages: `Expected …`. */
	get expected(): string {
		return this.enumValues ? `one of ${this.enumValues.join(", ")}` : this.#codec.expected;
	}

	/** Whether a row may be stored without a value for it. */
	get optional(): boolean {
		const { column } = this;
		return (
			!column.notNull || column.hasDefault || column.onUpdateFn !== undefined || this.generated
		);
	}

	/** Whether the database computes the value, so that nobody may write it. */
	get generated(): boolean {
		return this.column.generated !== undefined;
	}

	/** Whether its column holds bytes, whatever they mean. */
	get storedAsBytes(): boolean {
		return this.column.getSQLType() === "blob";
	}

	/** How values leave as JSON; undefined where `JSON.stringify` does it. */
	get toWire(): ((value: unknown) => unknown) | undefined {
		return this.#codec.write;
	}

	/**
	 * Takes an input to the column's type. Null stays null; a Drizzle `sql` expression passes, it can
	 * only come from code.
	 */
	read(input: unknown): unknown {
		if (input === null || isExpression(input)) return input;
		const value = this.#codec.read(input);
		return this.type === "custom" && !this.#isStorable(value) ? INVALID : value;
	}

	/** The faults of a value that {@link read} has taken, under this path. */
	check(value: unknown, path: string): FieldError | undefined {
		if (value === INVALID) return { path, message: `Expected ${this.expected}.`, code: "type" };
		if (value === null) {
			return this.column.notNull
				? { path, message: "A value is required.", code: "required" }
				: undefined;
		}
		if (typeof value !== "string") return undefined;
		if (this.enumValues !== undefined && !this.enumValues.includes(value)) {
			return { path, message: `Expected ${this.expected}.`, code: "enum" };
		}
		if (this.maxLength !== undefined && value.length > this.maxLength) {
			return { path, message: `At most ${this.maxLength} characters.`, code: "length" };
		}
		return undefined;
	}

	/** The stored form of a value. */
	toSql(value: unknown): SqlParameter {
		if (value === null || this.#stored) return value as SqlParameter;
		return this.column.mapToDriverValue(value) as SqlParameter;
	}

	/** Only the column's own code knows its values: what it throws at, or makes unstorable, is none. */
	#isStorable(value: unknown): boolean {
		try {
			const stored: unknown = this.column.mapToDriverValue(value);
			return (
				stored instanceof Uint8Array ||
				typeof stored === "boolean" ||
				CUSTOM_FORMS.some((type) => codecOf(type).read(stored) === stored)
			);
		} catch {
			return false;
		}
	}
}

/** Where a field stands in its entity, and who may see it. */
export interface FieldOptions {
	readonly index: number;
	readonly hidden: boolean;
	/** How columns without names are named in SQL. */
	readonly casing?: Casing | undefined;
}
