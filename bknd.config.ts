import { AppEvents, DatabaseEvents, defineConfig } from "burdock";
import { MediaEvents, mediaLibrary } from "burdock/media";
import { auditChanges } from "./blog/hooks/audit-changes.ts";
import { checkManners } from "./blog/hooks/check-manners.ts";
import { countEvents } from "./blog/hooks/count-events.ts";
import { publishDue } from "./blog/hooks/publish-due.ts";
import { refuseNonImages } from "./blog/hooks/refuse-non-images.ts";
import { resizeCovers } from "./blog/hooks/resize-covers.ts";
import { withCoverSize } from "./blog/hooks/with-cover-size.ts";
import { withSlug } from "./blog/hooks/with-slug.ts";
import { withWords } from "./blog/hooks/with-words.ts";
import * as schema from "./blog/schema.ts";
import { seed } from "./blog/seed.ts";

const { posts, comments } = schema;
const { MutatorInsertBefore, MutatorInsertAfter, MutatorUpdateBefore } = DatabaseEvents;

export default defineConfig({
	connection: { url: "file:.burdock/data.db", d1: "DB" },
	migrations: { dir: "blog/migrations" },
	schema,
	entities: {
		media: { label: "Files" },
		postsTags: { label: "Tags of posts" },
		audit: { label: "Audit trail" },
	},
	media: mediaLibrary({ dir: ".burdock/media", r2: "BUCKET", maxSize: 10 * 1024 * 1024 }),
	seed,
	duties: [publishDue], // every minute on Node, and as wrangler.toml says on Workers

	// Count every event, whatever it is, and show the counts on a route of our own.
	onServerInit(hono, app) {
		countEvents(hono, app);
	},

	onBuilt(app) {
		const { emgr } = app;

		// Fill in what nobody should have to type: what a sync listener returns replaces the data.
		emgr.onEvent(MutatorInsertBefore, ({ params }) => withSlug(params.data), {
			id: "slug",
			mode: "sync",
			entity: posts,
		});

		// Derive one column from another, on insert and on update.
		emgr.onEvent(MutatorInsertBefore, ({ params }) => withWords(params.data), {
			id: "words-insert",
			mode: "sync",
			entity: posts,
		});
		emgr.onEvent(MutatorUpdateBefore, ({ params }) => withWords(params.data), {
			id: "words-update",
			mode: "sync",
			entity: posts,
		});

		// Let the database fill in what only it knows: here the size of a file that may be new itself.
		emgr.onEvent(MutatorInsertBefore, ({ params }) => withCoverSize(params.data), {
			id: "cover-insert",
			mode: "sync",
			entity: posts,
		});
		emgr.onEvent(MutatorUpdateBefore, ({ params }) => withCoverSize(params.data), {
			id: "cover-update",
			mode: "sync",
			entity: posts,
		});
		resizeCovers(app); // when a file is replaced

		// Refuse: a throw stops the write, and the client learns which field to mend (422).
		emgr.onEvent(MutatorInsertBefore, ({ params }) => checkManners(params.data.body), {
			id: "manners-insert",
			mode: "sync",
			entity: comments,
		});
		emgr.onEvent(MutatorUpdateBefore, ({ params }) => checkManners(params.data.body), {
			id: "manners-update",
			mode: "sync",
			entity: comments,
		});

		// Files have events, too: of one that is refused here nothing is kept.
		emgr.onEvent(MediaEvents.FileUploadBefore, ({ params }) => refuseNonImages(params), {
			id: "images-only",
			mode: "sync",
		});

		// Store something of your own in the same atomic write: both rows, or neither.
		auditChanges(app);

		// Take your time: an async listener runs after the response has been sent.
		emgr.onEvent(
			MutatorInsertAfter,
			async ({ params }, _slug, { log, request }) => {
				if (!request) return; // nobody wants mail about the seed
				await new Promise((resolve) => setTimeout(resolve, 300)); // a slow mail server
				const { id, postId, author } = params.data;
				log.info("The author was told of a comment.", { comment: id, post: postId, by: author });
			},
			{ id: "notify", mode: "async", entity: comments },
		);

		// Touch every response on its way out.
		emgr.onEvent(
			AppEvents.AppBeforeResponse,
			({ params }) => params.response.headers.set("x-hooked-by", "bknd.config.ts"),
			{ id: "header", mode: "sync" },
		);
	},
});
