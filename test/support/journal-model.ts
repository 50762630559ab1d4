import fc from "fast-check";

/** What the listeners do to one row, whatever the write. */
export type Effect = "pass" | "refuse" | "change" | "append" | "prevent" | "warn" | "reject";

/** A row as the model knows it. */
export interface ModelRow {
	readonly id: number;
	readonly title: string;
	readonly views: number;
}

/** A write with what listeners will do to its rows: an insert by input, the others by id. */
export type Step =
	| { readonly kind: "insert"; readonly rows: readonly InputRow[] }
	| {
			readonly kind: "update";
			readonly ids: readonly number[];
			readonly views: number;
			readonly effects: readonly Effect[];
	  }
	| {
			readonly kind: "delete";
			readonly ids: readonly number[];
			readonly effects: readonly Effect[];
	  };

/** A row of an insert. */
export interface InputRow {
	readonly title: string;
	readonly views: number;
	readonly id?: number;
	readonly effect: Effect;
}

const effect = fc.oneof(
	{ weight: 6, arbitrary: fc.constant<Effect>("pass") },
	{
		weight: 5,
		arbitrary: fc.constantFrom<Effect>("change", "append", "prevent", "warn"),
	},
	{ weight: 1, arbitrary: fc.constantFrom<Effect>("refuse", "reject") },
);
const id = fc.integer({ min: 1, max: 8 });
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 4 });
/** A negative number is refused by a check of the table. */
const views = fc.oneof(
	{ weight: 8, arbitrary: fc.nat(5) },
	{ weight: 1, arbitrary: fc.constant(-1) },
);
const row: fc.Arbitrary<InputRow> = fc.record(
	{ title: fc.constantFrom("a", "b", "c"), views, id, effect },
	{ requiredKeys: ["title", "views", "effect"] },
);
const effects = fc.array(effect, { minLength: 8, maxLength: 8 });

/** Sequences of writes. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
	fc.oneof(
		fc.record({
			kind: fc.constant("insert" as const),
			rows: fc.array(row, { minLength: 1, maxLength: 4 }),
		}),
		fc.record({ kind: fc.constant("update" as const), ids, views, effects }),
		fc.record({ kind: fc.constant("delete" as const), ids, effects }),
	),
	{ minLength: 1, maxLength: 12 },
);

/** What a write is expected to do. */
export interface Outcome {
	/** The rows of the answer, or undefined when it is refused. */
	readonly answer: readonly (ModelRow | null)[] | undefined;
	/** The slugs of the events, after the `mutator-<kind>-`. */
	readonly events: readonly string[];
	/** Rows that commit listeners appended, in order. */
	readonly audit: readonly string[];
	readonly warnings: number;
	readonly prevented: boolean;
}

const REFUSED = { answer: undefined, audit: [], warnings: 0, prevented: false };

/** A table in memory that is written as architecture prescribes. */
export class JournalModel {
	readonly rows = new Map<number, ModelRow>();
	#highest = 0;

	/** Applies a write, and tells what it is expected to do. */
	apply(step: Step): Outcome {
		return step.kind === "insert" ? this.#insert(step.rows) : this.#change(step);
	}

	#insert(rows: readonly InputRow[]): Outcome {
		const refused = rows.findIndex((one) => one.effect === "refuse");
		if (refused >= 0) return { ...REFUSED, events: before(refused + 1) };
		const active = rows.filter((one) => one.effect !== "prevent");
		const events = before(rows.length);
		if (active.length === 0)
			return { ...REFUSED, answer: rows.map(() => null), events, prevented: true };
		const taken = active.flatMap((one) => one.id ?? []);
		const duplicate = new Set(taken).size < taken.length || taken.some((one) => this.rows.has(one));
		const rejected = active.some((one) => one.effect === "reject");
		if (rejected || duplicate || active.some((one) => finalViews(one.views, one.effect) < 0)) {
			return { ...REFUSED, events: [...events, "commit", "failed"] };
		}
		this.#highest = Math.max(this.#highest, ...taken);
		const answer = new Map<InputRow, ModelRow>();
		for (const one of active) {
			const made = one.id ?? ++this.#highest;
			answer.set(one, { id: made, title: one.title, views: finalViews(one.views, one.effect) });
		}
		for (const made of answer.values()) this.rows.set(made.id, made);
		return {
			answer: rows.map((one) => answer.get(one) ?? null),
			events: [...events, "commit", ...after(active.length)],
			audit: active.flatMap((one) =>
				one.effect === "append" ? `insert ${answer.get(one)?.id}` : [],
			),
			warnings: active.filter((one) => one.effect === "warn").length,
			prevented: active.length < rows.length,
		};
	}

	#change(step: Exclude<Step, { kind: "insert" }>): Outcome {
		const found = step.ids.filter((one) => this.rows.has(one)).toSorted((a, b) => a - b);
		const effectOf = (one: number): Effect => step.effects[one - 1] ?? "pass";
		const refused = found.findIndex((one) => effectOf(one) === "refuse");
		if (refused >= 0) return { ...REFUSED, events: before(refused + 1) };
		const active = found.filter((one) => effectOf(one) !== "prevent");
		const events = before(found.length);
		const prevented = active.length < found.length;
		const viewsOf = (one: number) =>
			step.kind === "update" ? finalViews(step.views, effectOf(one)) : 0;
		const rejected = active.some((one) => effectOf(one) === "reject" || viewsOf(one) < 0);
		if (rejected) return { ...REFUSED, events: [...events, "commit", "failed"] };
		const was = new Map(this.rows);
		for (const one of active) {
			if (step.kind === "delete") this.rows.delete(one);
			else this.rows.set(one, { ...(was.get(one) as ModelRow), views: viewsOf(one) });
		}
		return {
			answer: found.map((one) => this.rows.get(one) ?? (was.get(one) as ModelRow)),
			events: [...events, ...(active.length > 0 ? ["commit"] : []), ...after(active.length)],
			audit: active.flatMap((one) => (effectOf(one) === "append" ? `${step.kind} ${one}` : [])),
			warnings: active.filter((one) => effectOf(one) === "warn").length,
			prevented,
		};
	}
}

/** What the number is once a before-listener had its way. */
export function finalViews(given: number, effect: Effect): number {
	return effect === "change" ? 100 : given;
}

function before(count: number): readonly string[] {
	return Array.from({ length: count }, () => "before");
}

function after(count: number): readonly string[] {
	return Array.from({ length: count }, () => "after");
}
