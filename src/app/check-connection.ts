import { isPlainObject } from "../kernel/json.ts";
import { didYouMean } from "../kernel/nearest.ts";

const KEYS = ["url", "authToken", "d1", "session"];
const SESSIONS: readonly unknown[] = [undefined, "first-unconstrained", "first-primary"];

/** Notes what can't be a connection; an open database is taken as it is. */
export function checkConnection(connection: unknown, problems: string[]): void {
	if (connection === undefined) return;
	if (typeof connection !== "object" || connection === null) {
		problems.push("connection is neither an object nor an open database.");
		return;
	}
	if ("batch" in connection || !isPlainObject(connection)) return;
	for (const [key, value] of Object.entries(connection)) {
		if (!KEYS.includes(key)) {
			problems.push(`There is no key connection.${key}.${didYouMean(key, KEYS)}`);
		} else if (value !== undefined && typeof value !== "string") {
			problems.push(`connection.${key} is not a string.`);
		}
	}
	const { session } = connection;
	if (!SESSIONS.includes(session)) {
		problems.push('connection.session is neither "first-unconstrained" nor "first-primary".');
	}
}
