import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { AppError } from "../../../src/kernel/error.ts";
import { audit, journal, posts } from "../../support/journal-schema.ts";
import { testApp } from "../../support/test-app.ts";

const {
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertFailed,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateFailed,
	MutatorDeleteBefore,
	MutatorDeleteCommit,
	MutatorDeleteFailed,
} = DatabaseEvents;

const open = () => testApp({ schema: journal });

describe("a refusal", () => {
	const refusal = new AppError("forbidden", "Not today.");
	const writes = {
		insert: {
			before: MutatorInsertBefore,
			commit: MutatorInsertCommit,
			failed: MutatorInsertFailed,
		},
		update: {
			before: MutatorUpdateBefore,
			commit: MutatorUpdateCommit,
			failed: MutatorUpdateFailed,
		},
		delete: {
			before: MutatorDeleteBefore,
			commit: MutatorDeleteCommit,
			failed: MutatorDeleteFailed,
		},
	};

	test.each(
		(["insert", "update", "delete"] as const).flatMap((write) =>
			(["before", "commit", "statement"] as const).flatMap((phase) =>
				(["one", "many"] as const).map((count) => ({ write, phase, count })),
			),
		),
	)("in $phase of $write ($count) leaves nothing", async ({ write, phase, count }) => {
		const { app, counts, rows } = await open();
		const mutator = app.em.mutator(posts);
		await mutator.insertMany([{ title: "a" }, { title: "b" }]);
		const stored = await rows("select * from posts");
		const failures: unknown[] = [];
		app.emgr.onEvent(
			writes[write].commit,
			({ params: { batch } }) => {
				batch.add(app.db.insert(audit).values({ action: write }));
				if (phase === "statement") batch.add({ sql: "insert into audit (id) values (1)" });
			},
			{ mode: "sync", order: -1 },
		);
		app.emgr.onEvent(
			writes[write].failed,
			({ params }) => {
				failures.push([params.rows.length, params.error === refusal]);
			},
			"sync",
		);
		let calls = 0;
		const last = count === "one" ? 1 : 2;
		if (phase !== "statement") {
			app.emgr.onEvent(
				writes[write][phase],
				() => {
					if (phase === "commit" || ++calls === last) throw refusal;
				},
				"sync",
			);
		}
		const call = {
			insert: {
				one: () => mutator.insertOne({ title: "c" }),
				many: () => mutator.insertMany([{ title: "c" }, { title: "d" }]),
			},
			update: {
				one: () => mutator.updateOne(1, { title: "c" }),
				many: () => mutator.updateWhere({ title: "c" }, { id: { $gt: 0 } }),
			},
			delete: {
				one: () => mutator.deleteOne(1),
				many: () => mutator.deleteWhere({ id: { $gt: 0 } }),
			},
		}[write][count];
		await expect(call()).rejects.toThrow(phase === "statement" ? /refused|value/ : "Not today.");
		expect(await counts()).toEqual({ posts: 2, comments: 0, audit: 0 });
		expect(await rows("select * from posts")).toEqual(stored);
		expect(failures).toEqual(phase === "before" ? [] : [[last, phase === "commit"]]);
	});

	test("of a row that is not there stores nothing, whatever commit listeners added", async () => {
		const { app, counts } = await open();
		const failures: unknown[] = [];
		for (const event of [MutatorUpdateCommit, MutatorDeleteCommit]) {
			app.emgr.onEvent(
				event,
				({ params: { batch } }) => {
					batch.before(app.db.insert(audit).values({ action: "before" }));
					batch.add(app.db.insert(audit).values({ action: "after" }));
				},
				"sync",
			);
		}
		for (const event of [MutatorUpdateFailed, MutatorDeleteFailed]) {
			app.emgr.onEvent(
				event,
				({ params }) => void failures.push((params.error as AppError).code),
				"sync",
			);
		}
		const missing = {
			code: "not_found",
			kind: "not_found",
			message: "posts has no row with the id 9.",
		};
		await expect(app.em.mutator(posts).updateOne(9, { title: "x" })).rejects.toMatchObject(missing);
		await expect(app.em.mutator(posts).deleteOne(9)).rejects.toMatchObject(missing);
		expect(await counts()).toEqual({ posts: 0, comments: 0, audit: 0 });
		expect(failures).toEqual(["not_found", "not_found"]);
	});
});
