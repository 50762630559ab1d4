// `npm run test:large`: files of LARGE_MIB (1024) through a server over sockets, and what memory it takes.
// LARGE_S3=0 leaves out the bucket.
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACCESS, S3Server } from "../support/s3-server.ts";
import { LargeClient, type StoredAnswer, type UploadForm } from "./large-client.ts";
import { LargeContent } from "./large-content.ts";
import type { S3Place } from "./large-server.ts";
import { ServerUnderTest } from "./server-under-test.ts";

const MIB = 1024 * 1024;
const SIZE_MIB = Number(process.env["LARGE_MIB"] ?? 1024);
const SIZE = SIZE_MIB * MIB;
const MAX_GROWTH_MB = 100;
/** A quarter of a file that is no whole number of anything. */
const RANGE = Math.floor(SIZE / 4) - 4_321;
const STALLED = 8;
const SMALL_FILES = 100;
const CLEANED_WITHIN_MS = 20_000;

interface Phase {
	readonly name: string;
	readonly seconds: number;
	readonly bytes: number;
	/** MB above what the server had after small files. */
	readonly growth: number;
}

const phases: Phase[] = [];
const failures: string[] = [];
const folder = mkdtempSync(join(tmpdir(), "burdock-large-"));

function expect(holds: boolean, otherwise: string): void {
	if (holds) return;
	failures.push(otherwise);
	console.error(`FAILED: ${otherwise}`);
}

/** @throws Where the disk has no room for two files and what comes and goes. */
function checkRoom(): void {
	const { bavail, bsize } = statfsSync(folder);
	const free = Math.floor((bavail * bsize) / MIB);
	const needed = 3 * SIZE_MIB + 256;
	if (free >= needed) return;
	throw new Error(
		`This needs ${needed} MiB in ${tmpdir()}, and there are ${free}. Set TMPDIR to a folder with more room, or LARGE_MIB to less than ${SIZE_MIB}.`,
	);
}

/** Runs one step of a server, and writes down what it took. */
class Steps {
	readonly #label: string;
	readonly #server: ServerUnderTest;
	readonly #base: number;

	/** @param base MiB that the server had before. */
	constructor(label: string, server: ServerUnderTest, base: number) {
		this.#label = label;
		this.#server = server;
		this.#base = base;
	}

	async run(step: string, bytes: number, call: () => Promise<void>): Promise<void> {
		const name = `${this.#label}: ${step}`;
		console.log(`… ${name}`);
		const started = performance.now();
		const peak = await this.#server.peakDuring(call);
		const seconds = (performance.now() - started) / 1000;
		const growth = ((peak - this.#base) * MIB) / 1e6;
		phases.push({ name, seconds, bytes, growth });
		expect(
			growth <= MAX_GROWTH_MB,
			`${name}: the memory of the server grew by ${growth.toFixed(0)} MB; at most ${MAX_GROWTH_MB}.`,
		);
	}
}

/** Small files, so that everything is compiled, and the heap as large as traffic makes it. */
async function warmUp(client: LargeClient): Promise<void> {
	for (let turn = 0; turn < SMALL_FILES; turn++) {
		const form: UploadForm = turn % 2 === 0 ? "raw" : "form";
		const { name } = await client.upload(new LargeContent((turn % 10) * 50_000 + 1), { form });
		await client.checksum(name);
		await client.delete(name);
	}
}

function uploader(client: LargeClient, form: UploadForm, stored: StoredAnswer[]) {
	return async (): Promise<void> => {
		const content = new LargeContent(SIZE);
		let next = SIZE / 4;
		const answer = await client.upload(content, {
			form,
			heard: (bytes) => {
				if (bytes < next) return;
				console.log(`    ${Math.round(bytes / MIB)} MiB`);
				next += SIZE / 4;
			},
		});
		expect(answer.data.size === SIZE, `The server has ${answer.data.size} bytes of ${SIZE}.`);
		expect(answer.data.checksum === content.checksum(), "The server has got other bytes.");
		stored.push(answer);
	};
}

async function downloadRanges(client: LargeClient, { name, data }: StoredAnswer): Promise<void> {
	const hash = createHash("sha256");
	for (let start = 0; start < SIZE; start += RANGE) {
		const range = [start, Math.min(SIZE, start + RANGE)] as const;
		const bytes = await client.download(name, { hash, range });
		expect(bytes === range[1] - range[0], `A range of ${range.join(" to ")} had ${bytes} bytes.`);
	}
	expect(hash.digest("hex") === data.checksum, "The ranges were not those of the file.");
}

/** Downloads that nobody reads: the server must not read on for them. */
async function stall(client: LargeClient, { name }: StoredAnswer): Promise<void> {
	const answers = await Promise.all(Array.from({ length: STALLED }, () => client.open(name)));
	await new Promise((resolve) => setTimeout(resolve, 2_000));
	for (const answer of answers) answer.destroy();
}

function unfinished(): readonly number[] {
	const place = join(folder, "files", ".unfinished");
	return readdirSync(place).map((name) => statSync(join(place, name)).size);
}

function objects(): number {
	const files = readdirSync(join(folder, "files"), { recursive: true, withFileTypes: true });
	return files.filter((file) => file.isFile() && !file.name.startsWith("library.")).length;
}

/** Waits until something holds. @returns Whether it ever did. */
async function until(holds: () => boolean): Promise<boolean> {
	const deadline = performance.now() + CLEANED_WITHIN_MS;
	while (!holds()) {
		if (performance.now() > deadline) return false;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	return true;
}

async function breakOff(client: LargeClient): Promise<void> {
	const [before, rows] = [objects(), await client.count()];
	await client.breakOff(new LargeContent(SIZE), SIZE / 2, async () => {
		const received = await until(() => unfinished().some((bytes) => bytes > SIZE / 3));
		expect(received, "The server had not stored the half that was sent.");
	});
	expect(await until(() => unfinished().length === 0), "A part of a file was left.");
	expect(objects() === before, "An object was left of an upload that was broken off.");
	expect((await client.count()) === rows, "A row was left of an upload that was broken off.");
}

async function overFolder(): Promise<void> {
	const server = await ServerUnderTest.start([folder]);
	const client = new LargeClient(server.url);
	try {
		console.log(`… folder: ${SMALL_FILES} small files`);
		await warmUp(client);
		const base = await server.resident();
		console.log(`    ${base.toFixed(0)} MiB`);
		const steps = new Steps("folder", server, base);
		const stored: StoredAnswer[] = [];
		await steps.run("upload, raw", SIZE, uploader(client, "raw", stored));
		await steps.run("upload, form", SIZE, uploader(client, "form", stored));
		const [raw, form] = stored as [StoredAnswer, StoredAnswer];
		for (const [name, file] of Object.entries({ raw, form })) {
			await steps.run(`download, ${name}`, SIZE, async () => {
				const checksum = await client.checksum(file.name);
				expect(checksum === file.data.checksum, "Other bytes came back.");
			});
			await steps.run(`ranges, ${name}`, SIZE, () => downloadRanges(client, file));
		}
		await steps.run(`${STALLED} downloads that nobody reads`, 0, () => stall(client, raw));
		await steps.run("an upload that breaks off", SIZE / 2, () => breakOff(client));
		for (const { name } of stored) await client.delete(name);
		// They are taken away once the answer is given.
		expect(await until(() => objects() === 0), "Deleted files are still there.");
	} finally {
		client.close();
		await server.stop();
	}
}

async function overBucket(): Promise<void> {
	await using bucket = await S3Server.start();
	const place: S3Place = { ...ACCESS, endpoint: bucket.endpoint, bucket: bucket.buckets[0] };
	const home = mkdtempSync(join(folder, "s3-"));
	const server = await ServerUnderTest.start([home, JSON.stringify(place)]);
	const client = new LargeClient(server.url);
	try {
		console.log(`… bucket: ${SMALL_FILES} small files`);
		await warmUp(client);
		const steps = new Steps("bucket", server, await server.resident());
		const stored: StoredAnswer[] = [];
		await steps.run("upload, raw", SIZE, uploader(client, "raw", stored));
		const [file] = stored as [StoredAnswer];
		await steps.run("download", SIZE, async () => {
			const checksum = await client.checksum(file.name);
			expect(checksum === file.data.checksum, "Other bytes came back from the bucket.");
		});
	} finally {
		client.close();
		await server.stop();
	}
}

function show(): void {
	const width = Math.max(...phases.map(({ name }) => name.length));
	console.log(`\n${"".padEnd(width)}  seconds   MiB/s  memory above small files, MB`);
	for (const { name, seconds, bytes, growth } of phases) {
		const rate = bytes === 0 ? "–" : (bytes / MIB / seconds).toFixed(0);
		console.log(
			`${name.padEnd(width)}  ${seconds.toFixed(1).padStart(7)}  ${rate.padStart(6)}  ${growth.toFixed(1).padStart(6)}${growth > MAX_GROWTH_MB ? "  TOO MUCH" : ""}`,
		);
	}
	console.log("");
}

try {
	checkRoom();
	await overFolder();
	if (process.env["LARGE_S3"] !== "0") await overBucket();
	show();
} catch (error) {
	failures.push(String(error));
	console.error(error);
} finally {
	rmSync(folder, { recursive: true, force: true });
}
for (const failure of new Set(failures)) console.error(`FAILED: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
if (failures.length === 0) console.log("Nothing grew, nothing was lost, nothing is left.");
