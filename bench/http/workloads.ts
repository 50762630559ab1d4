import { NEW_POST, POST_COUNT } from "./posts.ts";

/** What is measured of each server, in this order: inserts last, because they make the table grow. */
export const OPERATIONS = ["read", "list", "insert", "sequential"] as const;

export type Operation = (typeof OPERATIONS)[number];

/** The request that a load generator repeats. */
export interface Workload {
	readonly method: "GET" | "POST";
	/** `%d` stands for an id, from 1 to {@link ids} and again from 1. */
	readonly path: string;
	readonly ids: number;
	readonly body: string;
	/** Connections that are kept busy at the same time. */
	readonly connections: number;
}

const CONNECTIONS = 16;

const INSERT: Workload = {
	method: "POST",
	path: "/api/data/entity/posts",
	ids: 1,
	body: JSON.stringify(NEW_POST),
	connections: CONNECTIONS,
};

const READ = { body: "", connections: CONNECTIONS } as const;

/** The requests of the data API, the same for every server that has one. */
export const DATA_WORKLOADS: Readonly<Record<Operation, Workload>> = {
	read: { method: "GET", path: "/api/data/entity/posts/%d", ids: POST_COUNT, ...READ },
	list: { method: "GET", path: "/api/data/entity/posts?limit=10", ids: 1, ...READ },
	insert: INSERT,
	// One after the other: no two of them can share a transaction.
	sequential: { ...INSERT, connections: 1 },
};

/** The request of the server that only says hello; it stands in the column of reads. */
export const HELLO_WORKLOADS: Partial<Record<Operation, Workload>> = {
	read: { method: "GET", path: "/", ids: 1, ...READ },
};
