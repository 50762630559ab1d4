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
		const mutator = app.em.mutator(posts);
		for (const { id } of due.data) await mutator.updateOne(id, { status: "published" });
		return due.data.length;
	},
};
