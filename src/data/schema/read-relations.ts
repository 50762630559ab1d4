import { createTableRelationsHelpers, is, Many, One, Relations } from "drizzle-orm";
import { deriveRelations, type RelationsByEntity } from "./derive-relations.ts";
import type { Entity, FieldPair, Relation } from "./entity.ts";
import { foreignKeysOf, reversed, samePairs, type ForeignKey } from "./foreign-key.ts";
import { nameProblem } from "./name-problem.ts";

type Declaration = One | Many<string>;

/** What {@link readRelations} reads. */
export interface RelationsInput {
	/** The module of Drizzle tables and relations. */
	readonly schema: Readonly<Record<string, unknown>>;
	/** The entities that could be read from it. */
	readonly entities: readonly Entity[];
	/** Whether the schema exports this table, be it one that cannot be served. */
	readonly exports: (table: object) => boolean;
	/** Takes what is wrong, and where. */
	readonly problem: (where: string, what: string) => void;
}

/**
 * Reads the relations of all entities: those that Drizzle's `relations()` declare, under their own
 * names, and those that foreign keys make where nothing is declared.
 */
export function readRelations(input: RelationsInput): RelationsByEntity {
	return new RelationsReading(input).read();
}

class RelationsReading {
	readonly #input: RelationsInput;
	readonly #byTable: ReadonlyMap<object, Entity>;
	readonly #keys: readonly ForeignKey[];
	readonly #declared = new Map<Entity, Map<string, Declaration>>();

	constructor(input: RelationsInput) {
		this.#input = input;
		this.#byTable = new Map(input.entities.map((entity) => [entity.table, entity]));
		this.#keys = foreignKeysOf(input.entities);
	}

	read(): RelationsByEntity {
		for (const key of this.#keys) this.#checkTarget(key);
		for (const [name, value] of Object.entries(this.#input.schema)) {
			if (is(value, Relations)) this.#collect(name, value);
		}
		const relations = new Map<Entity, Map<string, Relation>>();
		for (const entity of this.#input.entities) {
			const own = new Map<string, Relation>();
			for (const [name, declaration] of this.#declared.get(entity) ?? []) {
				const relation = this.#relation(entity, name, declaration);
				if (relation) own.set(name, Object.freeze(relation));
			}
			relations.set(entity, own);
		}
		deriveRelations(relations, this.#keys);
		return relations;
	}

	/** SQLite takes such a table, and then refuses every write to it. */
	#checkTarget({ source, target, pairs }: ForeignKey): void {
		const fields = pairs.map(({ to }) => to);
		const found = target.uniqueKeys.some(
			(key) => key.length === fields.length && key.every((field) => fields.includes(field)),
		);
		if (found) return;
		const names = fields.map((field) => `${target.name}.${field.name}`).join(", ");
		this.#input.problem(
			`${source.name}.${pairs.map(({ from }) => from.name).join(", ")}`,
			`it refers to ${names}, which is neither the primary key nor unique`,
		);
	}

	/** One table may have several `relations()`. */
	#collect(exportName: string, relations: Relations): void {
		const entity = this.#entityOf(relations.table, exportName);
		if (!entity) return;
		const own = this.#declared.get(entity) ?? new Map<string, Declaration>();
		this.#declared.set(entity, own);
		const declared = relations.config(createTableRelationsHelpers(relations.table));
		for (const [name, declaration] of Object.entries(declared)) {
			const where = `${entity.name}.${name}`;
			const problem = nameProblem(name);
			if (problem) this.#input.problem(where, problem);
			else if (entity.field(name)) this.#input.problem(where, "a field has the same name");
			else if (own.has(name)) this.#input.problem(where, "it is declared twice");
			else own.set(name, declaration as Declaration);
		}
	}

	#relation(source: Entity, name: string, declaration: Declaration): Relation | undefined {
		const where = `${source.name}.${name}`;
		const target = this.#entityOf(declaration.referencedTable, where);
		if (!target) return undefined;
		const pairs = this.#pairs(source, target, declaration, where);
		if (!pairs) return undefined;
		return {
			name,
			cardinality: is(declaration, Many) ? "many" : "one",
			source,
			target,
			pairs,
			keyIn: this.#keyIn(pairs, isKeyed(declaration)),
		};
	}

	/** From the declaration itself, from the one of the other side, or from the only foreign key. */
	#pairs(
		source: Entity,
		target: Entity,
		declaration: Declaration,
		where: string,
	): readonly FieldPair[] | undefined {
		if (isKeyed(declaration)) return this.#pairsOf(declaration, [source, target], where);
		const { relationName } = declaration;
		const others = [...(this.#declared.get(target)?.values() ?? [])].filter(
			(other): other is KeyedOne =>
				isKeyed(other) &&
				other.referencedTable === source.table &&
				(relationName === undefined || other.relationName === relationName),
		);
		if (others.length === 1) {
			const pairs = this.#pairsOf(others[0] as KeyedOne, [target, source], undefined);
			return pairs && reversed(pairs);
		}
		const keys = this.#keys.filter((key) => key.source === target && key.target === source);
		if (others.length === 0 && keys.length === 1) return reversed((keys[0] as ForeignKey).pairs);
		const what = others.length > 1 ? "more than one relation leads" : "no relation leads";
		this.#input.problem(
			where,
			`${what} back from ${target.name}; declare it there with fields, references and the same relationName`,
		);
		return undefined;
	}

	#pairsOf(
		{ config }: KeyedOne,
		[source, target]: readonly [Entity, Entity],
		where: string | undefined,
	): readonly FieldPair[] | undefined {
		const pairs = config.fields.flatMap((column, index) => {
			const from = source.fieldOf(column);
			const other = config.references[index];
			const to = other && target.fieldOf(other);
			return from && to ? [{ from, to }] : [];
		});
		const { length } = config.fields;
		if (length > 0 && pairs.length === length && config.references.length === length) return pairs;
		if (where !== undefined) {
			const names = `fields must be columns of ${source.name}, and references as many columns of ${target.name}`;
			this.#input.problem(where, names);
		}
		return undefined;
	}

	/** Where a foreign key says so; without one, on the side that declares the fields. */
	#keyIn(pairs: readonly FieldPair[], declaresFields: boolean): Relation["keyIn"] {
		const has = (wanted: readonly FieldPair[]) =>
			this.#keys.some((key) => samePairs(key.pairs, wanted));
		if (has(pairs)) return "source";
		if (has(reversed(pairs))) return "target";
		return declaresFields ? "source" : "target";
	}

	#entityOf(table: object, where: string): Entity | undefined {
		const entity = this.#byTable.get(table);
		if (!entity && !this.#input.exports(table)) {
			this.#input.problem(where, "it relates a table that the schema does not export");
		}
		return entity;
	}
}

/** A `one()` that names its fields. */
type KeyedOne = One & { readonly config: NonNullable<One["config"]> };

function isKeyed(declaration: Declaration): declaration is KeyedOne {
	return is(declaration, One) && declaration.config !== undefined;
}
