import type { AuthorName } from "./people.ts";
import type { TagName } from "./tag-names.ts";

/** What a reader left below an article. */
export interface Remark {
	readonly author: string;
	/** An ISO 8601 date. */
	readonly at: string;
	readonly body: string;
}

/** A post as it is written down here, before hooks give it its slug and its words. */
export interface Article {
	readonly title: string;
	readonly excerpt?: string;
	readonly author: AuthorName;
	readonly tags: readonly TagName[];
	/** An ISO 8601 date; an article without one is a draft. */
	readonly publishedAt?: string;
	readonly featured?: true;
	/** The name of a picture in `blog/covers`. */
	readonly cover?: string;
	readonly body: string;
	readonly remarks: readonly Remark[];
}
