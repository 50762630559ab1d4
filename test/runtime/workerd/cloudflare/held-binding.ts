import type { D1Binding, D1Statement } from "../../../../src/data/drivers/d1.ts";

/** A binding of D1 whose answers wait until they are released; it tells who asked for what. */
export class HeldBinding implements D1Binding<D1Statement> {
	/** The SQL of every statement that was run. */
	readonly asked: string[] = [];
	readonly #binding: D1Binding;
	readonly #gate = Promise.withResolvers<void>();
	readonly #originals = new WeakMap<D1Statement, { original: D1Statement; sql: string }>();

	constructor(binding: unknown) {
		this.#binding = binding as D1Binding;
	}

	/** Lets everything through. */
	release(): void {
		this.#gate.resolve();
	}

	/** Lets nothing through: what waits fails, and all that comes. */
	fail(error: Error): void {
		this.#gate.reject(error);
	}

	prepare(sql: string): D1Statement {
		return this.#held(this.#binding.prepare(sql), sql);
	}

	async batch(statements: D1Statement[]): ReturnType<D1Binding["batch"]> {
		const originals = statements.map((one) => {
			const { original, sql } = this.#originals.get(one) as { original: D1Statement; sql: string };
			this.asked.push(sql);
			return original;
		});
		await this.#gate.promise;
		return this.#binding.batch(originals);
	}

	#held(original: D1Statement, sql: string): D1Statement {
		const held: D1Statement = {
			bind: (...values) => this.#held(original.bind(...values), sql),
			raw: async () => {
				this.asked.push(sql);
				await this.#gate.promise;
				return original.raw();
			},
		};
		this.#originals.set(held, { original, sql });
		return held;
	}
}
