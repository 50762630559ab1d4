import { INVALID } from "../../data/schema/codec.ts";
import type { SqlRow, SqlValue } from "../../data/database.ts";
import type { Entity } from "../../data/schema/entity.ts";
import type { Field } from "../../data/schema/field.ts";
import { isPlainObject } from "../../kernel/json.ts";

/** A stored value that an import could not store again as it is. */
export class UnportableValue extends Error {
	readonly field: string;

	constructor({ name, expected }: Field, stored: SqlValue) {
		super(`${name} holds ${shown(stored)}, which is not ${expected}.`);
		this.field = name;
	}
}

/**
 * Takes stored rows of an entity to lines of an export, and what stands in a line to data that can
 * be written. Values have the format of the HTTP API; those of custom columns stand as they are
 * stored, because only the column's own code knows what they mean.
 */
export class RowCodec {
	readonly entity: Entity;
	/** The fields of a line, hidden ones included; what the database computes can't be written. */
	readonly fields: readonly Field[];
	readonly #custom: readonly Field[];

	constructor(entity: Entity) {
		this.entity = entity;
		this.fields = entity.fields.filter((field) => !field.generated);
		this.#custom = this.fields.filter(({ type }) => type === "custom");
	}

	/**
	 * The line of a row, without its end.
	 * @param values The stored values of {@link fields}, in their order.
	 * @throws UnportableValue for one that would not come back as it is.
	 */
	encode(values: SqlRow): string {
		const row: Record<string, unknown> = {};
		for (const [index, field] of this.fields.entries()) {
			const stored = values[index] ?? null;
			row[field.name] = stored === null ? null : encodeValue(field, stored);
		}
		return JSON.stringify({ entity: this.entity.name, row });
	}

	/** The data that a line's row stands for; whether it can be written, nobody has checked yet. */
	decode(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
		const data = { ...row };
		for (const { name, fromSql } of this.#custom) {
			const stored = storedOf(data[name]);
			if (stored !== undefined && stored !== null) data[name] = fromSql?.(stored) ?? stored;
		}
		return data;
	}
}

function encodeValue(field: Field, stored: SqlValue): unknown {
	if (field.type === "custom") return taggedOf(stored);
	try {
		const value = field.fromSql === undefined ? stored : field.fromSql(stored);
		const wire = value instanceof Date ? value.toISOString() : (field.toWire?.(value) ?? value);
		const back = field.read(wire);
		if (back !== INVALID && comesBack(field, back, stored)) return wire;
	} catch {
		// Such as JSON text that is none: the error below names it.
	}
	throw new UnportableValue(field, stored);
}

/** Whether writing the value again would store what is stored now; JSON may be spaced otherwise. */
function comesBack(field: Field, value: unknown, stored: SqlValue): boolean {
	if (field.type === "json") return true;
	const again = field.toSql(value);
	if (again instanceof Uint8Array) {
		return stored instanceof Uint8Array && Buffer.compare(again, stored) === 0;
	}
	return String(typeof again === "boolean" ? Number(again) : again) === String(stored);
}

/** A stored value as JSON: what JSON has no form for, under a name that says what it is. */
function taggedOf(stored: SqlValue): unknown {
	if (typeof stored === "bigint") return { $integer: String(stored) };
	if (stored instanceof Uint8Array) return { $bytes: Buffer.from(stored).toString("base64") };
	return stored;
}

function storedOf(tagged: unknown): SqlValue | undefined {
	if (typeof tagged === "string" || typeof tagged === "number" || tagged === null) return tagged;
	if (!isPlainObject(tagged)) return undefined;
	const { $integer: integer, $bytes: bytes } = tagged;
	if (typeof integer === "string" && /^-?\d{1,19}$/.test(integer)) return BigInt(integer);
	return typeof bytes === "string" ? new Uint8Array(Buffer.from(bytes, "base64")) : undefined;
}

function shown(stored: SqlValue): string {
	if (stored instanceof Uint8Array) return `${stored.length} bytes`;
	const text = typeof stored === "string" ? JSON.stringify(stored) : String(stored);
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
