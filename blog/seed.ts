import type { App } from "burdock";
import { animals } from "./content/animals.ts";
import { burrs } from "./content/burrs.ts";
import { climbers } from "./content/climbers.ts";
import { engineering } from "./content/engineering.ts";
import { garden } from "./content/garden.ts";
import { people } from "./content/people.ts";
import { tagNames } from "./content/tag-names.ts";
import { travellers } from "./content/travellers.ts";
import { readCover } from "./read-cover.ts";
import { authors, comments, posts, postsTags, tags } from "./schema.ts";

const articles = [...burrs, ...travellers, ...climbers, ...animals, ...engineering, ...garden];

type Env = Readonly<Record<string, unknown>>;

/**
 * Fills an empty blog. Everything goes through the Mutator, so the hooks of the config make slugs,
 * count words, read the comments and keep the audit for these rows, too. Pictures are uploads like
 * any other.
 */
export async function seed(app: App, env: Env): Promise<void> {
	const coverIds = await uploadCovers(app, env);
	const writers = await app.em.mutator(authors).insertMany(people);
	const subjects = await app.em.mutator(tags).insertMany(tagNames.map((name) => ({ name })));
	const authorIds = new Map<string, number>(writers.data.map(({ name, id }) => [name, id]));
	const tagIds = new Map<string, number>(subjects.data.map(({ name, id }) => [name, id]));

	const stored = await app.em.mutator(posts).insertMany(
		articles.map(({ title, excerpt, author, publishedAt, featured, cover = "", body }) => ({
			title,
			body,
			excerpt: excerpt ?? null,
			featured: featured ?? false,
			authorId: idOf(authorIds, author),
			coverId: coverIds.get(cover),
			status: publishedAt ? ("published" as const) : ("draft" as const),
			publishedAt: publishedAt ? new Date(publishedAt) : null,
		})),
	);
	const postIds = new Map<string, number>(stored.data.map(({ title, id }) => [title, id]));

	await app.em.mutator(postsTags).insertMany(
		articles.flatMap((article) => {
			const postId = idOf(postIds, article.title);
			return article.tags.map((name) => ({ postId, tagId: idOf(tagIds, name) }));
		}),
	);
	await app.em.mutator(comments).insertMany(
		articles.flatMap(({ title, remarks }) => {
			const postId = idOf(postIds, title);
			return remarks.map(({ author, body, at }) => ({
				postId,
				author,
				body,
				createdAt: new Date(at),
			}));
		}),
	);
}

/** The ids of the pictures that there are, by their names: a blog may have been copied without them. */
async function uploadCovers(
	{ media, logger }: App,
	env: Env,
): Promise<ReadonlyMap<string, number>> {
	const ids = new Map<string, number>();
	for (const { cover } of articles) {
		if (cover === undefined) continue;
		const picture = await readCover(cover, env);
		const { data = null } = picture ? await media.upload(picture, { name: cover }) : {};
		if (data) ids.set(cover, data.id);
		else logger.warn("A cover is missing: its article goes without.", { cover });
	}
	return ids;
}

function idOf(ids: ReadonlyMap<string, number>, name: string): number {
	const id = ids.get(name);
	if (id === undefined) throw new Error(`The blog has no "${name}".`);
	return id;
}
