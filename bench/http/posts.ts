import Database from "libsql";

/** One row of the table that every server serves: about 170 bytes of JSON. */
export interface Post {
	readonly id: number;
	readonly title: string;
	readonly slug: string;
	readonly body: string;
	readonly author: string;
	readonly views: number;
}

/** What a client sends to make a {@link Post}. */
export type NewPost = Omit<Post, "id">;

/** Rows in the table before the first insert is measured. */
export const POST_COUNT = 1000;

/** The content of row `id`, the same in every database. */
export function samplePost(id: number): Post {
	return {
		id,
		title: `Post ${id}: a hook in every corner`,
		slug: `post-${id}`,
		body: "Every operation passes through its hooks, and none of them costs a thing.",
		author: "Grace Hopper",
		views: (id * 37) % 10_000,
	};
}

/** All rows that a database starts with, in the order of their ids. */
export function samplePosts(): readonly Post[] {
	return Array.from({ length: POST_COUNT }, (_, index) => samplePost(index + 1));
}

/** The body of every measured insert. */
export const NEW_POST: NewPost = {
	title: "A new post: written while measured",
	slug: "a-new-post",
	body: "Every operation passes through its hooks, and none of them costs a thing.",
	author: "Ada Lovelace",
	views: 0,
};

/** What a connection of every server runs first, so that all have the same durability. */
export const PRAGMAS: readonly string[] = [
	"PRAGMA journal_mode = WAL",
	"PRAGMA synchronous = NORMAL",
];

/** Creates the table with its rows in a new database file. */
export function createPosts(file: string): void {
	const database = new Database(file);
	try {
		for (const pragma of PRAGMAS) database.exec(pragma);
		database.exec(`CREATE TABLE posts (
			id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
			title TEXT NOT NULL,
			slug TEXT NOT NULL,
			body TEXT NOT NULL,
			author TEXT NOT NULL,
			views INTEGER NOT NULL
		)`);
		const insert = database.prepare("INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?)");
		database.exec("BEGIN");
		for (const post of samplePosts()) {
			insert.run([post.id, post.title, post.slug, post.body, post.author, post.views]);
		}
		database.exec("COMMIT");
	} finally {
		database.close();
	}
}
