import { wait, type Steps } from "../../kernel/maybe.ts";
import type { SqlParameter, Statement } from "../database.ts";
import { hydrate, type Entity, type EntityId, type Row } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import { FaultList, shorten } from "../fault-list.ts";
import type { RelationWrite, TargetRef } from "./relation-writes.ts";
import { idKey } from "./row-keys.ts";
import type { Write } from "./write.ts";
import { collect, type RowsById } from "./written-rows.ts";

/**
 * What is stored of the rows that relations are written to, read before any listener is called: so
 * that an id of no row is told with its path, and attaching or detaching twice does nothing.
 */
export class RelationLookup {
	readonly #write: Write;
	readonly #targets = new Map<Entity, RowsById>();
	readonly #current = new Map<RelationWrite, readonly Row[]>();

	constructor(write: Write) {
		this.#write = write;
	}

	/**
	 * Reads the rows that are named, and the row itself that is updated, if any.
	 * @throws `invalid_data` for ids of no row, but where they are detached.
	 */
	*readTargets(writes: readonly RelationWrite[], own?: OwnRow): Steps<Row | undefined> {
		const ids = new Map<Entity, Map<string, EntityId>>();
		const named = namedIn(writes);
		for (const { entity, ref } of named) {
			const known = ids.get(entity) ?? new Map<string, EntityId>();
			ids.set(entity, known.set(idKey(ref.id), ref.id));
		}
		const entities = [...ids.keys()];
		const statements: Statement[] = entities.map((entity) =>
			this.#write.target(entity).stored.readMany([...(ids.get(entity)?.values() ?? [])]),
		);
		if (own) statements.push(this.#write.target(own.entity).stored.readMany([own.id]));
		if (statements.length === 0) return undefined;
		const results = yield* wait(this.#write.read(statements));
		for (const [index, entity] of entities.entries()) {
			const rows: RowsById = new Map();
			collect(this.#write.target(entity), rows, results[index] ?? []);
			this.#targets.set(entity, rows);
		}
		this.#complain(named);
		const [found] = own ? (results.at(-1) ?? []) : [];
		return own && found ? hydrate(own.entity.fields, found) : undefined;
	}

	/** Reads which rows belong to a stored row so far, where that matters; answers how many go. */
	*readCurrent(writes: readonly RelationWrite[], own: Row): Steps<number> {
		const asked = writes.flatMap((write) => {
			const statement = this.#currentOf(write, own);
			return statement ? [{ write, statement }] : [];
		});
		if (asked.length === 0) return 0;
		const results = yield* wait(this.#write.read(asked.map(({ statement }) => statement)));
		let going = 0;
		for (const [index, { write }] of asked.entries()) {
			const { relation } = write;
			const entity = relation.through?.entity ?? relation.target;
			const rows = (results[index] ?? []).map((values) => hydrate(entity.fields, values));
			this.#current.set(write, rows);
			if (write.set) going += rows.length;
		}
		return going;
	}

	/** The stored row of this id; undefined when there is none. */
	target(entity: Entity, id: EntityId): Row | undefined {
		return this.#targets.get(entity)?.get(idKey(id));
	}

	/** The rows that belonged to the updated row: of the entity in the middle, where there is one. */
	current(write: RelationWrite): readonly Row[] {
		return this.#current.get(write) ?? [];
	}

	#complain(named: readonly NamedRef[]): void {
		const faults = new FaultList("invalid_data");
		for (const { entity, ref, required } of named) {
			if (!required || this.target(entity, ref.id)) continue;
			const message = `${entity.name} has no row with the id ${shorten(idKey(ref.id))}.`;
			faults.add(ref.path, message, "not_found");
		}
		faults.complain();
	}

	#currentOf(write: RelationWrite, own: Row): Statement | undefined {
		const { relation, set, attach, detach } = write;
		const { through, pairs, target } = relation;
		const limit = this.#write.maxRows + 1;
		if (!through) {
			if (!set || relation.keyIn !== "target") return undefined;
			const values = valuesOf(
				own,
				pairs.map(({ from }) => from),
			);
			const fields = pairs.map(({ to }) => to);
			return this.#write.target(target).stored.readBy(fields, [values], limit);
		}
		const { stored } = this.#write.target(through.entity);
		const source = valuesOf(
			own,
			through.source.map(({ from }) => from),
		);
		const sourceFields = through.source.map(({ to }) => to);
		if (set) return stored.readBy(sourceFields, [source], limit);
		const linked = [...attach, ...detach].flatMap(({ id }) => {
			const row = this.target(target, id);
			return row
				? [
						[
							...source,
							...valuesOf(
								row,
								through.target.map(({ to }) => to),
							),
						],
					]
				: [];
		});
		if (linked.length === 0) return undefined;
		const targetFields = through.target.map(({ from }) => from);
		return stored.readBy([...sourceFields, ...targetFields], linked, limit);
	}
}

/** The row that is updated with its relations. */
export interface OwnRow {
	readonly entity: Entity;
	readonly id: EntityId;
}

interface NamedRef {
	readonly entity: Entity;
	readonly ref: TargetRef;
	/** Whether the row has to be there. */
	readonly required: boolean;
}

/** All rows that are named by their ids, also within rows to be created. */
function namedIn(writes: readonly RelationWrite[]): readonly NamedRef[] {
	return writes.flatMap(({ relation: { target: entity }, create, attach, detach, set = [] }) => [
		...[...attach, ...set].map((ref) => ({ entity, ref, required: true })),
		...detach.map((ref) => ({ entity, ref, required: false })),
		...create.flatMap((tree) => namedIn(tree.relations)),
	]);
}

function valuesOf(row: Row, fields: readonly Field[]): readonly SqlParameter[] {
	return fields.map((field) => field.toSql(row[field.name] ?? null));
}
