import type { ReadAnswer } from "../server/contract.ts";
import type { Call, CallOptions, Connection } from "./connection.ts";
import type { RowWriteOptions } from "./entity-client.ts";
import { definedWhere } from "./defined-where.ts";
import { plainQuery } from "./plain-query.ts";
import { toSearch } from "./to-search.ts";

/** Characters of a URL; a longer query is sent as a body. */
const MAX_URL = 2000;

type List = ReadAnswer<readonly unknown[]>;

/** The calls of one entity; what may be asked of them is typed by `EntityClient`. */
export class EntityCalls {
	readonly #connection: Connection;
	readonly #path: string;

	constructor(connection: Connection, name: string) {
		this.#connection = connection;
		this.#path = encodeURIComponent(name);
	}

	async findMany(query?: object, options?: CallOptions): Promise<List> {
		const plain = plainQuery(query);
		const search = toSearch(plain);
		return this.#connection.base.length + this.#path.length + search.length > MAX_URL
			? this.#read("query", plain, options)
			: this.#get(search, options);
	}

	async *pages(
		query: { readonly cursor?: string } = {},
		options?: CallOptions,
	): AsyncGenerator<List, void, undefined> {
		let cursor: string | null | undefined = query.cursor ?? "";
		do {
			const page: List = await this.findMany({ ...query, cursor }, options);
			yield page;
			cursor = page.meta.cursor;
		} while (cursor);
	}

	async findOne(id: unknown, query?: object, options?: CallOptions): Promise<unknown> {
		return this.#get(`/${segment(id)}${toSearch(plainQuery(query))}`, options);
	}

	async related(
		id: unknown,
		relation: string,
		query?: object,
		options?: CallOptions,
	): Promise<unknown> {
		const search = toSearch(plainQuery(query));
		return this.#get(`/${segment(id)}/${segment(relation)}${search}`, options);
	}

	async count(where?: object, options?: CallOptions): Promise<unknown> {
		return this.#read("fn/count", definedWhere(where), options);
	}

	async exists(where?: object, options?: CallOptions): Promise<unknown> {
		return this.#read("fn/exists", definedWhere(where), options);
	}

	insertOne(body: object, options?: CallOptions): Promise<unknown> {
		return this.#write("POST", "", body, options);
	}

	insertMany(body: readonly object[], options?: CallOptions): Promise<unknown> {
		return this.#write("POST", "", body, options);
	}

	updateOne(id: unknown, body: object, options?: RowWriteOptions): Promise<unknown> {
		return this.#write("PATCH", `/${segment(id)}`, body, matching(options));
	}

	async updateWhere(update: object, where: object, options?: CallOptions): Promise<unknown> {
		return this.#write("PATCH", "", { update, where: definedWhere(where) }, options);
	}

	deleteOne(id: unknown, options?: RowWriteOptions): Promise<unknown> {
		return this.#write("DELETE", `/${segment(id)}`, undefined, matching(options));
	}

	async deleteWhere(where: object, options?: CallOptions): Promise<unknown> {
		return this.#write("DELETE", "", definedWhere(where), options);
	}

	#get<Answer>(path: string, options: CallOptions | undefined): Promise<Answer> {
		return this.#send("GET", path, { kind: "read", options });
	}

	#read<Answer>(path: string, body: unknown, options: CallOptions | undefined): Promise<Answer> {
		return this.#send("POST", `/${path}`, { kind: "read", body, options });
	}

	#write(
		method: Call["method"],
		path: string,
		body: unknown,
		options: CallOptions | undefined,
	): Promise<unknown> {
		return this.#send(method, path, { kind: "write", body, options });
	}

	#send<Answer>(
		method: Call["method"],
		path: string,
		call: Omit<Call, "method" | "path">,
	): Promise<Answer> {
		return this.#connection.send<Answer>({ ...call, method, path: this.#path + path });
	}
}

/** The options with their `If-Match` among the headers. */
function matching(options: RowWriteOptions = {}): CallOptions {
	const { ifMatch, ...rest } = options;
	if (ifMatch === undefined) return rest;
	const etag = typeof ifMatch === "number" ? `"${ifMatch}"` : ifMatch;
	return { ...rest, headers: { ...rest.headers, "if-match": etag } };
}

function segment(value: unknown): string {
	return encodeURIComponent(String(value));
}
