import { Connection, type ClientOptions } from "./connection.ts";
import type { EntityClient } from "./entity-client.ts";
import { EntityCalls } from "./entity-calls.ts";
import type { ModelOf } from "./model-of.ts";

/** A client for each entity of a schema, under the entity's name. */
export type Client<Schema> = {
	readonly [Name in keyof ModelOf<Schema> & string]: EntityClient<ModelOf<Schema>, Name>;
};

/**
 * Makes a client for the server at `url`. `Schema` is the type of the module of Drizzle tables and
 * relations that the server serves, or what `burdock types` has written; nothing of it is there at
 * run time, so a wrong name is the compiler's to find, or answered 404.
 *
 * @throws TypeError when `url` is neither `""` nor begins with `http://`, `https://` or `/`.
 *
 * @example
 * ```ts
 * import { createClient } from "burdock/client";
 * import type * as schema from "./schema.ts";
 *
 * const client = createClient<typeof schema>({ url: "http://localhost:1337" });
 * const { data } = await client.posts.findMany({ where: { status: "published" }, limit: 5 });
 * ```
 */
export function createClient<Schema extends object>(options: ClientOptions): Client<Schema> {
	const connection = new Connection(options);
	const entities = new Map<string, EntityCalls>();
	const find = (name: string): EntityCalls => {
		const known = entities.get(name) ?? new EntityCalls(connection, name);
		entities.set(name, known);
		return known;
	};
	return new Proxy({} as Client<Schema>, {
		// Whoever awaits a client, or prints it, asks for names that are no entities.
		get: (_, name) => (typeof name === "symbol" || name === "then" ? undefined : find(name)),
	});
}
