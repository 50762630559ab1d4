import { didYouMean } from "../../kernel/nearest.ts";
import { DEFAULT_MAX_LIMIT, type EntityOptions } from "./entity-options.ts";
import type { Field } from "./field.ts";

/** Takes what is wrong, and where. */
export type ProblemSink = (where: string, what: string) => void;

/** An entity as far as it is known before its options are checked. */
export interface CheckedEntity {
	readonly name: string;
	readonly fields: readonly Field[];
	readonly key: readonly (Field | undefined)[];
}

/** Checks what is configured for an entity. */
export function checkEntityOptions(
	entity: CheckedEntity,
	options: EntityOptions,
	problem: ProblemSink,
): void {
	new OptionsCheck(entity, options, problem).check();
}

class OptionsCheck {
	readonly #entity: CheckedEntity;
	readonly #options: EntityOptions;
	readonly #problem: ProblemSink;

	constructor(entity: CheckedEntity, options: EntityOptions, problem: ProblemSink) {
		this.#entity = entity;
		this.#options = options;
		this.#problem = (option, what) => problem(`entities.${entity.name}.${option}`, what);
	}

	check(): void {
		const { label, hidden } = this.#options as Readonly<Record<string, unknown>>;
		if (label !== undefined && (typeof label !== "string" || label.trim() === "")) {
			this.#problem("label", "expected a text");
		}
		if (hidden !== undefined && !Array.isArray(hidden)) {
			this.#problem("hidden", "expected a list of fields");
		} else this.#checkFields("hidden", (hidden ?? []) as readonly unknown[]);
		this.#checkSort();
		this.#checkLimits();
		this.#checkVersion();
	}

	#checkSort(): void {
		const { sort } = this.#options as { readonly sort?: unknown };
		if (sort === undefined) return;
		if (typeof sort !== "string" || sort.trim() === "") {
			this.#problem("sort", 'expected fields such as "-id,title"');
			return;
		}
		this.#checkFields(
			"sort",
			sort.split(",").map((part) => part.trim().replace(/^-/, "")),
		);
	}

	#checkFields(option: string, used: readonly unknown[]): void {
		const names = this.#entity.fields.map((field) => field.name);
		const seen = new Set<string>();
		for (const name of used.map(String)) {
			if (!names.includes(name)) {
				this.#problem(
					option,
					`${this.#entity.name} has no field ${name}.${didYouMean(name, names)}`,
				);
			} else if (seen.has(name)) this.#problem(option, `it names ${name} twice`);
			seen.add(name);
		}
	}

	#checkLimits(): void {
		for (const option of ["limit", "maxLimit"] as const) {
			const value = this.#options[option];
			if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
				this.#problem(option, "expected a whole number above 0");
			}
		}
		const { limit = 0, maxLimit = DEFAULT_MAX_LIMIT } = this.#options;
		if (limit > maxLimit) this.#problem("limit", `it is above maxLimit, ${maxLimit}`);
	}

	#checkVersion(): void {
		const { version } = this.#options;
		if (version === undefined || version === false) return;
		this.#checkFields("version", [version]);
		const known = this.#entity.fields.some(({ name }) => name === version);
		if (known && !versionOf(this.#entity, this.#options)) {
			this.#problem("version", `${version} is not a visible integer that is NOT NULL and no key`);
		}
	}
}

/** The field that is configured, or by convention the one named `version`, if it can count. */
export function versionOf(
	{ fields, key }: Omit<CheckedEntity, "name">,
	{ version }: EntityOptions,
): Field | undefined {
	if (version === false) return undefined;
	const field = fields.find(({ name }) => name === (version ?? "version"));
	const counts =
		field?.type === "integer" &&
		field.column.notNull &&
		!field.generated &&
		!field.hidden &&
		!key.includes(field);
	return counts ? field : undefined;
}
