import { wait, type Steps } from "../../kernel/maybe.ts";
import type { SqlParameter, Statement } from "../database.ts";
import type { Dependent } from "./dependents.ts";
import { hydrate, type Entity, type EntityId, type Row } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import { hearsDependent } from "./hears-dependents.ts";
import { idKey } from "./row-keys.ts";
import type { UpdateRow } from "./update.ts";
import type { Write, WriteTarget } from "./write.ts";
import type { StoredRow } from "./written-rows.ts";

/** The rows of one entity that a delete elsewhere takes with it, or changes. */
export interface Doomed {
	readonly target: WriteTarget;
	readonly deleted: readonly StoredRow[];
	readonly updated: readonly UpdateRow[];
}

/** What was found of one entity so far, by id. */
interface Found {
	readonly target: WriteTarget;
	readonly deleted: Map<string, EntityId>;
	readonly updated: Map<string, { readonly id: EntityId; readonly data: Row }>;
}

/** Rows of one entity whose dependents are to be found. */
interface Step {
	readonly target: WriteTarget;
	readonly rows: readonly Row[];
}

/** A foreign key and the values that it must not refer to in any other row. */
interface FollowedKey {
	readonly dependent: Dependent;
	readonly values: readonly (readonly SqlParameter[])[];
}

/** Finds the rows that are deleted or changed with others, level by level: a round trip for each. */
export class CascadeSearch {
	readonly #write: Write;
	readonly #target: WriteTarget;
	readonly #found = new Map<string, Found>();
	#followed: FollowedKey[] = [];
	#count = 0;

	constructor(write: Write, target: WriteTarget) {
		this.#write = write;
		this.#target = target;
	}

	/**
	 * Finds what the deletion of these rows entails, where somebody listens.
	 * @throws `too_many_rows` when that is more than one write may touch, these rows included.
	 */
	*find(ids: readonly EntityId[]): Steps<readonly Doomed[]> {
		const { entity, stored } = this.#target;
		this.#found.clear();
		this.#followed = [];
		this.#count = ids.length;
		const roots = this.#of(this.#target);
		for (const id of ids) roots.deleted.set(idKey(id), id);
		const found = yield* wait(this.#write.all(stored.readMany(ids)));
		const rows = new Map(ids.map((id) => [idKey(id), keyRow(entity, id)]));
		for (const values of found) {
			const row = hydrate(entity.fields, values);
			rows.set(idKey(entity.idOf(row)), row);
		}
		let steps: readonly Step[] = [{ target: this.#target, rows: [...rows.values()] }];
		while (steps.length > 0) steps = yield* this.#follow(steps);
		const given = new Set(ids.map(idKey));
		return [...this.#found.values()].map((one) => {
			const own = one.target === this.#target ? given : undefined;
			return doomed(one, own);
		});
	}

	/** Statements that refuse the batch when rows came to those that were found. */
	refuseOthers(): readonly Statement[] {
		return this.#followed.map(({ dependent, values }) => {
			const { entity } = dependent;
			const { target, deleted, updated } = this.#of(this.#write.target(entity));
			const known = [...deleted.values(), ...[...updated.values()].map(({ id }) => id)];
			return target.stored.refuseOthers(referring(dependent), values, known);
		});
	}

	*#follow(steps: readonly Step[]): Steps<readonly Step[]> {
		const keys = steps.flatMap((step) => this.#keysToFollow(step));
		if (keys.length === 0) return [];
		this.#followed.push(...keys);
		const limit = this.#write.maxRows + 1;
		const statements = keys.map(({ dependent, values }) =>
			this.#write.target(dependent.entity).stored.readBy(referring(dependent), values, limit),
		);
		const results = yield* wait(this.#write.read(statements));
		const next: Step[] = [];
		for (const [index, { dependent }] of keys.entries()) {
			const target = this.#write.target(dependent.entity);
			const rows = (results[index] ?? []).map((values) => hydrate(target.entity.fields, values));
			if (dependent.action === "cascade") next.push({ target, rows: this.#doom(target, rows) });
			else this.#change(target, dependent, rows);
			if (this.#count > this.#write.maxRows) throw this.#write.tooMany();
		}
		return next;
	}

	#keysToFollow({ target, rows }: Step): readonly FollowedKey[] {
		if (rows.length === 0) return [];
		return target.dependents.flatMap((dependent) => {
			if (!hearsDependent(this.#write, dependent, new Set())) return [];
			const values = rows
				.map((row) => dependent.pairs.map(({ to }) => to.toSql(row[to.name] ?? null)))
				.filter((one) => !one.includes(null));
			return values.length > 0 ? { dependent, values } : [];
		});
	}

	/** Notes rows that are to be deleted; answers those that were not known yet. */
	#doom(target: WriteTarget, rows: readonly Row[]): readonly Row[] {
		const { deleted } = this.#of(target);
		return rows.filter((row) => {
			const id = target.entity.idOf(row);
			if (deleted.has(idKey(id))) return false;
			deleted.set(idKey(id), id);
			this.#count++;
			return true;
		});
	}

	#change(target: WriteTarget, dependent: Dependent, rows: readonly Row[]): void {
		const { updated } = this.#of(target);
		for (const row of rows) {
			const id = target.entity.idOf(row);
			const known = updated.get(idKey(id));
			if (!known) this.#count++;
			const data = { ...known?.data, ...severed(dependent) };
			updated.set(idKey(id), { id, data });
		}
	}

	#of(target: WriteTarget): Found {
		const { name } = target.entity;
		const known = this.#found.get(name);
		if (known) return known;
		const found: Found = { target, deleted: new Map(), updated: new Map() };
		this.#found.set(name, found);
		return found;
	}
}

/** What is known of a row that is not there yet: an earlier write of the same unit may insert it. */
function keyRow({ singleKey }: Entity, id: EntityId): Row {
	return singleKey ? { [singleKey.name]: id } : { ...(id as Row) };
}

/** The fields that refer to a row. */
function referring({ pairs }: Dependent): readonly Field[] {
	return pairs.map(({ from }) => from);
}

/** What becomes of the fields that referred to a deleted row. */
function severed({ pairs, action }: Dependent): Row {
	const data: Row = {};
	for (const {
		from: { name, column },
	} of pairs) {
		const value: unknown = action === "set default" ? column.default : null;
		data[name] = value ?? null;
	}
	return data;
}

function doomed(
	{ target, deleted, updated }: Found,
	given: ReadonlySet<string> | undefined,
): Doomed {
	const path = `${target.entity.name}.`;
	return {
		target,
		deleted: [...deleted]
			.filter(([key]) => !given?.has(key))
			.map(([, id]) => ({ id, prevented: false })),
		updated: [...updated]
			.filter(([key]) => !deleted.has(key))
			.map(([, { id, data }]) => ({ id, data, path, prevented: false })),
	};
}
