/**
 * No answer came: the server could not be reached, or the connection broke. Nobody knows whether a
 * write was stored. `cause` is what `fetch` threw.
 */
export class NetworkError extends Error {
	constructor(method: string, url: string, cause: unknown) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		super(`${method} ${url} got no answer: ${reason}`, { cause });
	}

	override get name(): string {
		return "NetworkError";
	}
}
