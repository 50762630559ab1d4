import type { Duty } from "burdock";
import { posts } from "../schema.ts";

/** Publishes drafts whose time has come. The updates pass through the hooks, like everybody's. */
export const publishDue: Duty = {
	name: "publish-due",
	async runOnce({ app, limit }) {
		const due = await app.em.repository(posts).findMany({
			where: { status: "draft", publishedAt: { $lte: new Date() } },
			select: ["id"],
			limit,
		});
		const ids = due.data.map(({ id }) => id);
		if (ids.length === 0) return 0;
		// One write for all: a Worker may ask its database only so often.
		const where = { id: { $in: ids } };
		return (await app.em.mutator(posts).updateWhere({ status: "published" }, where)).data.length;
	},
};
