import { sql } from "drizzle-orm";

interface Covered {
	readonly coverId?: number | null | undefined;
	readonly coverWidth?: number | null | undefined;
	readonly coverHeight?: number | null | undefined;
}

/**
 * The data with the size of its cover, in pixels; unchanged when it says nothing about a cover.
 *
 * The database looks the size up when it stores the row. So the cover may also be a file that is stored
 * along with it, in one atomic write, and whose id nobody knows before.
 */
export function withCoverSize<Data extends Covered>(data: Data): Data {
	const { coverId } = data;
	if (coverId === undefined) return data;
	if (coverId === null) return { ...data, coverWidth: null, coverHeight: null };
	return {
		...data,
		coverWidth: sql`(select width from media where id = ${coverId})`,
		coverHeight: sql`(select height from media where id = ${coverId})`,
	};
}
