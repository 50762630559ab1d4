import { isAppError } from "../kernel/error.ts";
import { mediaErrors } from "./errors.ts";

/**
 * Asks a store for something. What it throws may name paths, buckets and URLs, and is the cause alone.
 * @throws (rejects) `storage_unavailable`; errors of ours, which the call throws, as they are.
 */
export async function askStore<T>(call: () => Promise<T>): Promise<T> {
	try {
		return await call();
	} catch (error) {
		if (isAppError(error)) throw error;
		throw mediaErrors.create("storage_unavailable", {}, { cause: error });
	}
}
