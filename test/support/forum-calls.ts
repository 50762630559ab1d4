import {
	type ForumModel,
	Made,
	Refusal,
	active,
	type ModelOperation,
	type ModelRow,
	type Table,
	type Values,
} from "./forum-model.ts";
import type { Call, Step, TopicInput } from "./forum-steps.ts";

/** What a step is expected to answer: rows per call, or undefined when it is refused. */
export type Answer = readonly (readonly (Values | null)[])[] | undefined;

interface Prepared {
	readonly operation: ModelOperation;
	readonly call: Call;
}

/** Applies a step to the model; the model then has the events, warnings and appended rows. */
export function applyStep(model: ForumModel, step: Step): Answer {
	model.begin(step.effects);
	const run = new StepRun(model, step.atomic);
	try {
		return run.run(step);
	} catch (error) {
		if (error instanceof Refusal) return undefined;
		throw error;
	}
}

class StepRun {
	readonly #model: ForumModel;
	readonly #atomic: boolean;
	/** The operations of all calls so far, and of the one that is being prepared. */
	readonly #queue: ModelOperation[] = [];
	#own: ModelOperation[] = [];
	#last: ModelRow | undefined;

	constructor(model: ForumModel, atomic: boolean) {
		this.#model = model;
		this.#atomic = atomic;
	}

	run({ calls, throws }: Step): Answer {
		const prepared: Prepared[] = [];
		try {
			for (const call of calls) prepared.push({ call, operation: this.#call(call) });
			if (throws) throw new Refusal();
		} catch (error) {
			this.#model.fail(this.#own);
			this.#model.fail(this.#queue);
			throw error;
		}
		const company = this.#atomic ? Math.max(2, this.#queue.length) : this.#queue.length;
		this.#model.store(this.#queue, company);
		return prepared.map((one) => this.#answer(one));
	}

	#call(call: Call): ModelOperation {
		this.#own = [];
		const operation = this.#prepare(call);
		this.#queue.push(...this.#own);
		this.#own = [];
		return operation;
	}

	#prepare(call: Call): ModelOperation {
		const { topics } = this.#model.state;
		switch (call.kind) {
			case "insert":
				return this.#insert(call.topics.map((topic) => this.#treeOf(topic)));
			case "update":
				return this.#update(call.id, call.topic);
			case "updateWhere": {
				const rows = found(call.ids, topics).map((row) => ({
					...row,
					data: { title: call.title },
				}));
				return this.#add("topics", "update", rows);
			}
			case "delete":
				return this.#model.prepareDelete(this.#own, "topics", [named(call.id)]);
			case "deleteWhere":
				return this.#model.prepareDelete(this.#own, "topics", found(call.ids, topics));
			case "deleteAuthor":
				return this.#model.prepareDelete(this.#own, "authors", [named(call.id)]);
			case "author": {
				const row: ModelRow = { data: { name: call.name }, prevented: false };
				const operation = this.#add("authors", "insert", [row]);
				this.#last = row.prevented ? undefined : row;
				return operation;
			}
			case "topicOfLast": {
				const data: Values = { title: call.title };
				if (this.#last) data["authorId"] = new Made(this.#last);
				return this.#add("topics", "insert", [{ data, prevented: false }]);
			}
		}
	}

	#add(entity: Table, kind: ModelOperation["kind"], rows: ModelRow[]): ModelOperation {
		const operation: ModelOperation = { entity, kind, rows, begun: false, appends: false };
		this.#own.push(operation);
		return this.#model.prepare(operation);
	}

	#treeOf(topic: TopicInput): Tree {
		const data: Values = topic.title === undefined ? {} : { title: topic.title };
		if (topic.author && "set" in topic.author) data["authorId"] = topic.author.set;
		return { topic, row: { data, prevented: false } };
	}

	#insert(trees: readonly Tree[]): ModelOperation {
		this.#insertAuthors(trees);
		const operation = this.#add(
			"topics",
			"insert",
			trees.map(({ row }) => row),
		);
		for (const { row, author } of trees) if (row.prevented && author) author.prevented = true;
		this.#related(trees, (row) => new Made(row), false);
		return operation;
	}

	#update(id: number, topic: TopicInput): ModelOperation {
		const stored = this.#model.state.topics.get(String(id));
		if ((topic.author ?? topic.comments ?? topic.tags) && !stored) throw new Refusal();
		const tree = this.#treeOf(topic);
		const current = (stored?.["version"] as number | undefined) ?? 1;
		const row: ModelRow = {
			...tree.row,
			id,
			named: true,
			...(topic.versionOff === undefined ? {} : { expected: current + topic.versionOff }),
		};
		const own = { topic, row };
		this.#insertAuthors([own]);
		const operation = this.#add("topics", "update", [row]);
		const author = (own as Tree).author;
		if (row.prevented && author) author.prevented = true;
		this.#related([own], () => id, true);
		return operation;
	}

	#insertAuthors(trees: readonly Tree[]): void {
		const created = trees.flatMap((tree) => {
			const { author } = tree.topic;
			if (!author || !("create" in author)) return [];
			tree.author = { data: { name: author.create }, prevented: false };
			return { tree, row: tree.author };
		});
		if (created.length === 0) return;
		this.#add(
			"authors",
			"insert",
			created.map(({ row }) => row),
		);
		for (const { tree, row } of created) {
			if (!row.prevented) tree.row.data = { ...tree.row.data, authorId: new Made(row) };
		}
	}

	/** The relations that any row writes, in the order in which they come up. */
	#related(trees: readonly Tree[], idOf: (row: ModelRow) => unknown, stored: boolean): void {
		const writing = trees.filter(({ row }) => !row.prevented);
		const names = writing.flatMap(({ topic }) =>
			(["comments", "tags"] as const).filter((one) => topic[one] !== undefined),
		);
		for (const relation of new Set(names)) {
			if (relation === "comments") this.#insertComments(writing, idOf);
			else this.#link(writing, idOf, stored);
		}
	}

	#insertComments(trees: readonly Tree[], idOf: (row: ModelRow) => unknown): void {
		const rows = trees.flatMap(({ topic, row }) =>
			(topic.comments ?? []).map((body) => ({
				data: { body, topicId: idOf(row) },
				prevented: false,
			})),
		);
		this.#add("comments", "insert", rows);
	}

	#link(trees: readonly Tree[], idOf: (row: ModelRow) => unknown, stored: boolean): void {
		const removed: ModelRow[] = [];
		const added: ModelRow[] = [];
		for (const { topic, row } of trees) {
			const { set, attach = [], detach = [] } = topic.tags ?? { set: undefined };
			const linked = stored
				? [...this.#model.state.topicTags.values()]
						.filter(({ topicId }) => topicId === row.id)
						.map(({ tagId }) => String(tagId))
						.toSorted()
				: [];
			const gone = linked.filter((tag) => (set ? !set.includes(tag) : detach.includes(tag)));
			for (const tag of gone) removed.push({ id: `${row.id},${tag}`, data: {}, prevented: false });
			for (const tagId of new Set([...attach, ...(set ?? [])])) {
				if (linked.includes(tagId)) continue;
				added.push({ data: { topicId: idOf(row), tagId }, prevented: false });
			}
		}
		if (removed.length > 0) this.#add("topicTags", "delete", removed);
		if (added.length > 0) this.#add("topicTags", "insert", added);
	}

	/** What is answered of the rows that the call names. */
	#answer({ operation, call }: Prepared): readonly (Values | null)[] {
		const { entity, kind, rows } = operation;
		const written = active(operation);
		return rows.map((row) => {
			if (kind === "insert") return row.stored ?? null;
			if (this.#atomic && row.prevented) return null;
			if (row.stored && written.includes(row)) return row.stored;
			const stored = this.#model.state[entity].get(String(row.id));
			if (!stored) throw new Refusal();
			const asSeen = row.expected === undefined || stored["version"] === row.expected;
			const stale = row.checked !== true && !asSeen;
			if (call.kind === "update" && !row.prevented && stale) throw new Refusal();
			return { ...stored };
		});
	}
}

interface Tree {
	readonly topic: TopicInput;
	readonly row: ModelRow;
	/** The author that is to be created for it. */
	author?: ModelRow;
}

function named(id: number): ModelRow {
	return { id, data: {}, prevented: false, named: true };
}

function found(ids: readonly number[], stored: ReadonlyMap<string, Values>): ModelRow[] {
	return ids
		.filter((id) => stored.has(String(id)))
		.toSorted((a, b) => a - b)
		.map((id) => ({ id, data: {}, prevented: false }));
}
