import type { Steps } from "../../kernel/maybe.ts";
import type { Operation } from "./operation.ts";
import type { WritePermit } from "../permit.ts";
import type { Write } from "./write.ts";

/** One call of a write method: the operations that it comes to, in the order of their events. */
export class WriteCall {
	readonly write: Write;
	readonly operations: Operation[] = [];
	/** Asked for rows that are written through relations; undefined where nobody has to be. */
	readonly permit: WritePermit | undefined;

	constructor(write: Write, permit?: WritePermit) {
		this.write = write;
		this.permit = permit;
	}

	/** Takes an operation through its before-events and checks. */
	*add<O extends Operation>(operation: O): Steps<O> {
		this.operations.push(operation);
		yield* operation.prepare();
		return operation;
	}

	/**
	 * Prepares what the call comes to.
	 * @throws What its steps throw, after the failed-events of operations that were prepared.
	 */
	*prepare<T>(steps: () => Steps<T>): Steps<T> {
		try {
			return yield* steps();
		} catch (error) {
			yield* this.write.failAll(this.operations, error);
			this.operations.length = 0;
			throw error;
		}
	}
}
