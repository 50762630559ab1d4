import { DatabaseEvents } from "../data/database-events.ts";
import { noContext } from "../kernel/platform.ts";
import type { WriteBatch } from "../data/write/write-batch.ts";
import { mediaErrors } from "./errors.ts";
import { checkFileName } from "./file-name.ts";
import type { MediaContext } from "./media-context.ts";
import { FileDeleteBefore, FileDeletedEvent } from "./media-events.ts";
import type { MediaRow } from "./media.ts";
import type { StoredObjects } from "./stored-objects.ts";

const {
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateAfter,
	MutatorDeleteBefore,
	MutatorDeleteAfter,
} = DatabaseEvents;

/** What says which bytes a row stands for: together, and by uploads alone. */
const PROTECTED = ["object", "type", "size", "etag", "checksum", "width", "height"] as const;
/** After the listeners of everybody else, who may still change the data. */
const LAST = Number.MAX_SAFE_INTEGER;

type MediaData = Readonly<Partial<Record<keyof MediaRow, unknown>>>;

/**
 * Holds rows of media and stored objects together, whoever writes the rows: the routes of files, those
 * of data, bulk writes, cascades, code. Nobody can make a row of an object that is not theirs, and
 * whatever deletes a row has the events of a file, and takes the object along once it is committed.
 */
export function guardMediaRows(context: MediaContext, objects: StoredObjects): void {
	guardWrites(context, objects);
	followWrites(context, objects);
}

function guardWrites({ events, platform, table }: MediaContext, objects: StoredObjects): void {
	// Without asynchronous context no listener learns whose request it is, if it is one's.
	const tells = platform.createContext !== noContext;
	const check = (data: MediaData, request: Request | undefined): void =>
		checkData(data, objects, tells && request === undefined ? "trusted" : "client");
	const first = { entity: table, mode: "sync" } as const;
	const last = { ...first, order: LAST };
	events.onEvent(
		MutatorInsertBefore,
		({ params }, _slug, { request }) => check(params.data, request),
		{ ...last, id: "media-insert" },
	);
	events.onEvent(
		MutatorUpdateBefore,
		({ params }, _slug, { request }) => check(params.data, request),
		{ ...last, id: "media-update" },
	);
	events.onEvent(
		MutatorInsertCommit,
		({ params }) => guardBatch(params.batch, params.rows, objects),
		{ ...first, id: "media-insert-guard" },
	);
	events.onEvent(
		MutatorUpdateCommit,
		({ params }) => guardBatch(params.batch, params.rows, objects),
		{ ...first, id: "media-update-guard" },
	);
	events.onEvent(
		MutatorDeleteBefore,
		async ({ params }, _slug, { emit }) => {
			if (!events.has(FileDeleteBefore)) return;
			const row = await params.previous();
			if (row) await emit(new FileDeleteBefore({ name: row.key, row }));
		},
		{ ...last, id: "media-delete" },
	);
}

/** Once a write is committed, nobody needs the object that its row no longer refers to. */
function followWrites({ events, table: entity }: MediaContext, objects: StoredObjects): void {
	events.onEvent(
		MutatorUpdateAfter,
		async ({ params: { data, previous } }) => {
			const old = previous?.object;
			if (old !== undefined && old !== data.object) await objects.remove(old);
		},
		{ entity, id: "media-replaced", previous: true },
	);
	events.onEvent(
		MutatorDeleteAfter,
		async ({ params: { data: row } }, _slug, { emit, defer }) => {
			defer(objects.remove(row.object));
			await emit(new FileDeletedEvent({ name: row.key, row }));
		},
		{ entity, mode: "sync", id: "media-deleted" },
	);
}

/** @throws `media_row_protected`, `bad_file_name`. */
function checkData(data: MediaData, objects: StoredObjects, writer: "client" | "trusted"): void {
	for (const name of [data.key, data.name]) {
		if (typeof name === "string" && checkFileName(name) !== name) {
			throw mediaErrors.create("bad_file_name", {
				reason: "its characters are not composed (NFC)",
			});
		}
	}
	if (writer === "trusted" || !PROTECTED.some((name) => data[name] !== undefined)) return;
	if (!objects.take(data.object)) throw mediaErrors.create("media_row_protected", {});
}

/** What an upload has found when it began still holds where its row is stored. */
function guardBatch(
	batch: WriteBatch,
	rows: readonly { readonly data?: MediaData }[],
	objects: StoredObjects,
): void {
	for (const { data } of rows) {
		for (const statement of objects.guardsOf(data?.object)) batch.before(statement);
	}
}
