import { NEW_POST, POST_COUNT } from "./posts.ts";

/** What is measured of each server, in this order: inserts last, because they make the table grow. */
export const OPERATIONS = ["read", "list", "insert"] as const;

export type Operation = (typeof OPERATIONS)[number];

/** The request that a load generator repeats. */
export interface Workload {
	readonly method: "GET" | "POST";
	/** `%d` stands for an id, from 1 to {@link ids} and again from 1. */
	readonly path: string;
	readonly ids: number;
	readonly body: string;
}

/** The requests of the data API, the same for every server that has one. */
export const DATA_WORKLOADS: Readonly<Record<Operation, Workload>> = {
	read: { method: "GET", path: "/api/data/entity/posts/%d", ids: POST_COUNT, body: "" },
	list: { method: "GET", path: "/api/data/entity/posts?limit=10", ids: 1, body: "" },
	insert: {
		method: "POST",
		path: "/api/data/entity/posts",
		ids: 1,
		body: JSON.stringify(NEW_POST),
	},
};

/** The request of the server that only says hello; it stands in the column of reads. */
export const HELLO_WORKLOADS: Partial<Record<Operation, Workload>> = {
	read: { method: "GET", path: "/", ids: 1, body: "" },
};
