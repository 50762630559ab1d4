import type { App } from "../../src/app/app.ts";
import { exportPages, type ExportSource } from "../../src/cli/transfer/export-pages.ts";
import { orderByReferences } from "../../src/cli/transfer/order-by-references.ts";
import { runImport, type ImportOptions } from "../../src/cli/transfer/run-import.ts";

/** The export of an app, as one text. */
export async function exportText(app: App, more: Partial<ExportSource> = {}): Promise<string> {
	const { entities: schema } = app.em;
	const entities = orderByReferences(schema);
	let text = "";
	for await (const page of exportPages({ database: app.database, schema, entities, ...more })) {
		text += page.text;
	}
	return text;
}

/** What an import said and how it ended. */
export interface Imported {
	readonly faults: readonly string[];
	readonly counts: Readonly<Record<string, number>>;
	readonly unfinished?: string | undefined;
}

/** Imports a text into an app, in chunks of a few bytes. */
export async function importText(
	app: App,
	text: string,
	more: Partial<ImportOptions> = {},
): Promise<Imported> {
	const faults: string[] = [];
	const onFault = (line: number, reason: string): void => void faults.push(`${line}: ${reason}`);
	const stream = chunksOf(Buffer.from(text));
	const options = { app, name: "test", conflict: "fail", stream, onFault, ...more } as const;
	const { counts, unfinished } = await runImport(options);
	return { faults, counts: { ...counts }, unfinished };
}

async function* chunksOf(bytes: Buffer, size = 1000): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** An export made of rows: `[entity, row]`. */
export function exportOf(
	rows: readonly (readonly [entity: string, row: object])[],
	sequences: Readonly<Record<string, number>> = {},
): string {
	const lines = [
		{ burdock: "export", version: 1, schema: "", entities: [] },
		...rows.map(([entity, row]) => ({ entity, row })),
		{ burdock: "end", rows: rows.length, sequences },
	];
	return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
