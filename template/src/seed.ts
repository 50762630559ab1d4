import type { App } from "burdock";
import { posts } from "./schema.ts";

/** The first rows of an empty database. Hooks apply: nobody has to write a slug. */
export async function seed({ em }: App): Promise<void> {
	await em.mutator(posts).insertMany([
		{ title: "Hello, Burdock", body: "Every write passes a hook.", status: "published" },
		{ title: "A Second Thought", body: "This one is a draft." },
	]);
}
