import { type App, DatabaseEvents } from "burdock";
import { eq } from "drizzle-orm";
import { media, posts } from "../schema.ts";

/** Has posts follow when the file of their cover is replaced by one of another size: in the same batch. */
export function resizeCovers({ db, emgr }: App): void {
	emgr.onEvent(
		DatabaseEvents.MutatorUpdateCommit,
		({ params: { rows, batch } }) => {
			for (const { entityId, data } of rows) {
				if (data?.width === undefined) continue;
				const size = { coverWidth: data.width, coverHeight: data.height ?? null };
				batch.add(
					db
						.update(posts)
						.set(size)
						.where(eq(posts.coverId, Number(entityId))),
				);
			}
		},
		{ mode: "sync", id: "cover-replaced", entity: media },
	);
}
