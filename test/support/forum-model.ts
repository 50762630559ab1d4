/** A row as the model knows it, by field. */
export type Values = Record<string, unknown>;

/** The id of a row that is about to be made. */
export class Made {
	readonly row: ModelRow;

	constructor(row: ModelRow) {
		this.row = row;
	}
}

/** A row on its way through a write. */
export interface ModelRow {
	id?: number | string;
	data: Values;
	prevented: boolean;
	/** What the write answers for it. */
	stored?: Values;
	/** Whether it was looked at in its turn within a unit: what follows there may change it. */
	checked?: boolean;
	/** The version that it has to have. */
	readonly expected?: number;
	/** Whether a caller named it by its id. */
	readonly named?: true;
}

/** One insert, update or delete; a delete with what goes with it. */
export interface ModelOperation {
	readonly entity: Table;
	readonly kind: "insert" | "update" | "delete";
	readonly rows: ModelRow[];
	begun: boolean;
	appends: boolean;
	/** Of a delete: what else it does, in the order of the events. */
	with?: ModelOperation[];
}

/** What a listener does to an event, by its place among those of its phase. */
export type Effect = "pass" | "refuse" | "prevent" | "change" | "append" | "warn";
/** What the listeners do during one step. */
export type Effects = Readonly<Record<"before" | "commit" | "after", readonly Effect[]>>;

/** The tables of the model. */
export type Table = "authors" | "topics" | "comments" | "topicTags";
type State = Record<Table, Map<string, Values>>;

const TEXT: Readonly<Record<Table, string | undefined>> = {
	authors: "name",
	topics: "title",
	comments: "body",
	topicTags: undefined,
};

/** Thrown where the write has to fail. */
export class Refusal extends Error {}

/** The forum in memory, written as the documentation says; one instance per sequence of steps. */
export class ForumModel {
	state: State = {
		authors: new Map(),
		topics: new Map(),
		comments: new Map(),
		topicTags: new Map(),
	};
	readonly audit: string[] = [];
	readonly events: string[] = [];
	warnings = 0;
	prevented = false;
	#effects: Effects = { before: [], commit: [], after: [] };
	#counts = { before: 0, commit: 0, after: 0 };
	#made = 0;

	/** Begins a step. */
	begin(effects: Effects): void {
		this.#effects = effects;
		this.#counts = { before: 0, commit: 0, after: 0 };
		this.events.length = 0;
		this.warnings = 0;
		this.prevented = false;
	}

	/** Takes an operation through its before-events. */
	prepare(operation: ModelOperation): ModelOperation {
		const { entity, kind, rows } = operation;
		for (const row of rows) {
			const path = kind === "insert" ? "" : ` ${row.id}`;
			const effect = this.#emit("before", `${entity}.${kind}.before${path}`);
			if (effect === "refuse") throw new Refusal();
			if (effect === "prevent") {
				row.prevented = true;
				this.prevented = true;
			}
			if (effect === "change" && kind !== "delete") row.data = changed(entity, kind, row.data);
		}
		operation.begun = true;
		return operation;
	}

	/** Leads prepared operations through the other phases; several are guarded by each other. */
	store(operations: readonly ModelOperation[], company = operations.length): void {
		const state = structuredCloneOf(this.state);
		const audit = this.audit.length;
		const made = this.#made;
		try {
			for (const operation of operations) this.#each(operation, (one) => this.#commit(one));
			for (const operation of operations) this.#apply(operation, company);
		} catch (error) {
			this.state = state;
			this.audit.length = audit;
			this.#made = made;
			this.fail(operations);
			throw error;
		}
		for (const operation of operations) this.#each(operation, (one) => this.#after(one));
	}

	/** Emits the failed-events. */
	fail(operations: readonly ModelOperation[]): void {
		for (const operation of operations) {
			this.#each(operation, (one) => {
				if (!one.begun || active(one).length === 0) return;
				this.events.push(`${one.entity}.${one.kind}.failed`);
			});
		}
	}

	/** Prepares a delete and all that goes with it. */
	prepareDelete(
		queue: ModelOperation[],
		entity: "authors" | "topics",
		rows: ModelRow[],
	): ModelOperation {
		const root: ModelOperation = { entity, kind: "delete", rows, begun: false, appends: false };
		root.with = [];
		queue.push(root);
		this.prepare(root);
		const ids = active(root).map(({ id }) => id);
		const belonging = (table: Table, field: string) =>
			[...this.state[table]]
				.filter(([, row]) => ids.includes(row[field] as number))
				.toSorted(([, a], [, b]) => order(a, b))
				.map(([id]) => ({ id, data: {}, prevented: false }));
		const children: ModelOperation[] =
			entity === "topics"
				? [
						{
							...OPERATION,
							kind: "delete",
							entity: "comments",
							rows: belonging("comments", "topicId"),
						},
						{
							...OPERATION,
							kind: "delete",
							entity: "topicTags",
							rows: belonging("topicTags", "topicId"),
						},
					]
				: [
						{
							...OPERATION,
							kind: "update",
							entity: "topics",
							rows: belonging("topics", "authorId").map((row) => ({
								...row,
								id: Number(row.id),
								data: { authorId: null },
							})),
						},
					];
		root.with = children.filter((child) => child.rows.length > 0);
		for (const child of root.with) {
			this.prepare(child);
			if (child.rows.some((row) => row.prevented)) throw new Refusal();
		}
		return root;
	}

	#each(operation: ModelOperation, call: (operation: ModelOperation) => void): void {
		call(operation);
		for (const child of operation.with ?? []) call(child);
	}

	#commit(operation: ModelOperation): void {
		if (active(operation).length === 0) return;
		const effect = this.#emit("commit", `${operation.entity}.${operation.kind}.commit`);
		if (effect === "refuse") throw new Refusal();
		operation.appends = effect === "append";
	}

	#after(operation: ModelOperation): void {
		for (const { id } of active(operation)) {
			const { entity, kind } = operation;
			if (this.#emit("after", `${entity}.${kind}.after ${id}`) === "warn") this.warnings++;
		}
	}

	#emit(phase: "before" | "commit" | "after", label: string): Effect {
		this.events.push(label);
		return this.#effects[phase][this.#counts[phase]++] ?? "pass";
	}

	#apply(operation: ModelOperation, company: number): void {
		const { kind, with: children = [] } = operation;
		if (kind === "delete" && operation.with) this.#snapshot(operation, children);
		for (const child of children.toReversed()) this.#applyOne(child);
		if (kind === "update" && company > 1) this.#guard(operation);
		this.#applyOne(operation);
	}

	/** All that is to go has to be there, and nothing else may belong to it. */
	#snapshot(root: ModelOperation, children: readonly ModelOperation[]): void {
		for (const one of [root, ...children.filter(({ kind }) => kind === "delete")]) {
			for (const row of active(one)) {
				const stored = this.state[one.entity].get(String(row.id));
				if (!stored) throw new Refusal();
				row.stored = { ...stored };
			}
		}
		const ids = active(root).map(({ id }) => id);
		const links: readonly (readonly [Table, string])[] =
			root.entity === "topics"
				? [
						["comments", "topicId"],
						["topicTags", "topicId"],
					]
				: [["topics", "authorId"]];
		for (const [table, field] of links) {
			const known = children
				.find(({ entity }) => entity === table)
				?.rows.map(({ id }) => String(id));
			for (const [id, row] of this.state[table]) {
				if (ids.includes(row[field] as number) && !known?.includes(id)) throw new Refusal();
			}
		}
	}

	/** A named row that does not change still has to be as it was seen. */
	#guard({ entity, rows }: ModelOperation): void {
		for (const row of rows) {
			if (row.prevented || !row.named || Object.keys(row.data).length > 0) continue;
			this.#checkNamed(entity, row);
			row.checked = true;
		}
	}

	#checkNamed(entity: Table, { id, expected }: ModelRow): Values {
		const stored = this.state[entity].get(String(id));
		if (!stored || (expected !== undefined && stored["version"] !== expected)) throw new Refusal();
		return stored;
	}

	#applyOne(operation: ModelOperation): void {
		const { entity, kind } = operation;
		const rows = active(operation);
		if (kind === "insert") this.#insert(entity, rows);
		for (const row of rows) {
			if (kind === "delete") this.#delete(entity, row);
			if (kind !== "update") continue;
			const stored = this.#checkNamed(entity, row);
			Object.assign(stored, resolved(row.data), { version: (stored["version"] as number) + 1 });
			row.stored = { ...stored };
		}
		this.#checkKeys();
		if (!operation.appends) return;
		for (const { id } of rows) this.audit.push(`${kind} ${entity} ${id}`);
	}

	/** A row of a cascade has been looked for already; any other has to be there now. */
	#delete(entity: Table, row: ModelRow): void {
		const key = String(row.id);
		row.stored ??= { ...this.state[entity].get(key) };
		if (!this.state[entity].delete(key)) throw new Refusal();
	}

	#insert(entity: Table, rows: readonly ModelRow[]): void {
		const table = this.state[entity];
		for (const row of inStatementOrder(rows)) {
			const data = resolved(row.data);
			if (entity === "topicTags") row.id = `${String(data["topicId"])},${String(data["tagId"])}`;
			else if (entity === "authors") row.id = ++this.#made;
			else row.id = Math.max(0, ...[...table.keys()].map(Number)) + 1;
			if (table.has(String(row.id))) throw new Refusal();
			row.stored = {
				...(entity === "topicTags" ? {} : { id: row.id }),
				...DEFAULTS[entity],
				...data,
			};
			table.set(String(row.id), { ...row.stored });
		}
	}

	/** What the database refuses: values taken twice, and references to nothing. */
	#checkKeys(): void {
		const { authors, topics, comments, topicTags } = this.state;
		const names = [...authors.values()].map(({ name }) => name);
		const dangling =
			[...topics.values()].some(
				({ authorId }) => authorId !== null && !authors.has(String(authorId)),
			) ||
			[...comments.values(), ...topicTags.values()].some(
				({ topicId }) => !topics.has(String(topicId)),
			);
		if (dangling || new Set(names).size < names.length) throw new Refusal();
	}
}

const OPERATION = { begun: false, appends: false };
const DEFAULTS: Readonly<Record<Table, Values>> = {
	authors: {},
	topics: { version: 1, authorId: null },
	comments: { slug: null },
	topicTags: {},
};

/** The rows of an operation that are written. */
export function active({ kind, rows }: ModelOperation): readonly ModelRow[] {
	return rows.filter(
		({ prevented, data }) => !prevented && (kind !== "update" || Object.keys(data).length > 0),
	);
}

function changed(entity: Table, kind: string, data: Values): Values {
	const text = TEXT[entity];
	if (text === undefined) return data;
	if (kind === "update") return { ...data, [text]: "changed" };
	return { ...data, [text]: `${String(data[text])}!` };
}

function resolved(data: Values): Values {
	return Object.fromEntries(
		Object.entries(data).map(([name, value]) => [
			name,
			value instanceof Made ? value.row.id : value,
		]),
	);
}

/** Rows that set the same fields in the same way share a statement. */
function inStatementOrder(rows: readonly ModelRow[]): readonly ModelRow[] {
	const groups = new Map<string, ModelRow[]>();
	for (const row of rows) {
		const key = Object.entries(row.data)
			.map(([name, value]) => (value instanceof Made ? `${name}*` : name))
			.toSorted()
			.join();
		const group = groups.get(key) ?? [];
		group.push(row);
		groups.set(key, group);
	}
	return [...groups.values()].flat();
}

function order(a: Values, b: Values): number {
	const [left, right] = [a["id"] ?? a["topicId"], b["id"] ?? b["topicId"]] as [number, number];
	return left - right || String(a["tagId"]).localeCompare(String(b["tagId"]));
}

function structuredCloneOf(state: State): State {
	return structuredClone(state);
}
