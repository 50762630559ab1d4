import { D1, type D1Binding, type D1Statement } from "../../src/data/drivers/d1.ts";
import type { CountedTraffic } from "./scenario-runtime.ts";

/** A database over a binding that counts. */
export class CountedD1 extends D1 implements CountedTraffic {
	readonly #binding: CountedBinding;

	constructor(binding: CountedBinding) {
		super(binding);
		this.#binding = binding;
	}

	get statements(): number {
		return this.#binding.statements;
	}

	get trips(): number {
		return this.#binding.trips;
	}

	reset(): void {
		this.#binding.reset();
	}
}

/** A binding of D1 that counts what goes over it, below our driver. */
export class CountedBinding<S extends D1Statement = D1Statement> implements D1Binding<D1Statement> {
	/** Statements that were run. */
	statements = 0;
	/** Calls that go to the database and back. */
	trips = 0;
	readonly #binding: D1Binding<S>;
	readonly #originals = new WeakMap<D1Statement, S>();

	constructor(binding: D1Binding<S>) {
		this.#binding = binding;
	}

	prepare(sql: string): D1Statement {
		return this.#counted(this.#binding.prepare(sql));
	}

	batch(statements: D1Statement[]): ReturnType<D1Binding["batch"]> {
		this.#count(statements.length);
		return this.#binding.batch(statements.map((one) => this.#originals.get(one) as S));
	}

	/** Begins to count anew. */
	reset(): void {
		this.statements = 0;
		this.trips = 0;
	}

	#counted(original: S): D1Statement {
		const counted: D1Statement = {
			bind: (...values) => this.#counted(original.bind(...values) as S),
			raw: () => {
				this.#count(1);
				return original.raw();
			},
		};
		this.#originals.set(counted, original);
		return counted;
	}

	#count(statements: number): void {
		this.statements += statements;
		this.trips++;
	}
}
