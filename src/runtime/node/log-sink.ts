import { writeSync } from "node:fs";

/** After so many lines they are written without waiting for the timer: about 32 KiB. */
const LINES = 128;
const DELAY_MS = 50;
/** What may wait for a reader that does not read; what is more is dropped, and counted. */
const MAX_WAITING = 8 * 1024 * 1024;
/** How long the end of the process waits for such a reader. */
const LAST_WORDS_MS = 1_000;
/** What the system writes to a pipe in one piece, whoever else writes to it: PIPE_BUF of Linux; bytes. */
const WHOLE = 4_096;

/**
 * Gathers lines and writes them in chunks: after 50 ms, or as soon as there are 128, and what is
 * left synchronously when the process ends. Only a process that is killed loses what is waiting.
 * Lines become text when they are written, many at once, and not within a request.
 *
 * A reader that does not keep up never stops the server: what it has not taken waits, up to 8 MiB.
 * One that is gone is not written to any more.
 */
export class LogSink<Line> {
	readonly #fd: number;
	readonly #textOf: (line: Line) => string;
	readonly #shared: boolean;
	#lines: Line[] = [];
	#text = "";
	#waiting: Buffer | undefined;
	#dropped = 0;
	#timer: NodeJS.Timeout | undefined;
	#gone = false;
	readonly #onExit = (): void => this.close();

	/**
	 * @param fd The file descriptor to write to; it is never closed.
	 * @param textOf Makes the text of a line, with its line break. Called later: what a line holds must
	 * not change any more.
	 * @param use `"shared"` when other processes write there as well: lines are then written in pieces
	 * that stay whole, unless one alone has more than 4 KiB.
	 */
	constructor(fd: number, textOf: (line: Line) => string, use: "own" | "shared" = "own") {
		this.#shared = use === "shared";
		this.#fd = nonBlocking(fd);
		this.#textOf = textOf;
	}

	/** Adds one line. */
	write(line: Line): void {
		if (this.#lines.push(line) >= LINES) {
			this.#render();
			if (this.#waiting === undefined) return this.flush();
		}
		if (this.#timer === undefined) this.#schedule();
	}

	/** Writes what is waiting, as far as the reader takes it now. */
	flush(): void {
		this.#cancel();
		if (!this.#writeOut()) this.#schedule();
	}

	/** Writes everything; waits for a slow reader, one second at most. May be used again. */
	close(): void {
		this.#cancel();
		const deadline = Date.now() + LAST_WORDS_MS;
		while (!this.#writeOut() && Date.now() < deadline) pause(1);
	}

	#schedule(): void {
		if (this.#gone) return;
		this.#timer = setTimeout(() => this.flush(), DELAY_MS);
		this.#timer.unref();
		process.on("exit", this.#onExit);
	}

	#cancel(): void {
		if (this.#timer === undefined) return;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		process.off("exit", this.#onExit);
	}

	/** Writes as much as possible; answers whether nothing is left. */
	#writeOut(): boolean {
		for (;;) {
			this.#waiting ??= this.#takeText();
			if (this.#waiting === undefined) return true;
			const written = this.#writeSome(this.#shared ? firstLines(this.#waiting) : this.#waiting);
			if (written === 0) return false;
			this.#waiting = written < this.#waiting.length ? this.#waiting.subarray(written) : undefined;
		}
	}

	/** Makes text of what was gathered, or counts it as dropped. */
	#render(): void {
		const lines = this.#lines;
		this.#lines = [];
		let text = this.#text;
		for (const line of lines) {
			if (this.#waiting !== undefined && text.length > MAX_WAITING) this.#dropped++;
			else text += this.#textOf(line);
		}
		this.#text = text;
	}

	#takeText(): Buffer | undefined {
		this.#render();
		if (this.#text === "") return undefined;
		const dropped = this.#dropped > 0 ? `[${this.#dropped} log lines were dropped]\n` : "";
		const buffer = Buffer.from(this.#text + dropped);
		this.#text = "";
		this.#dropped = 0;
		return buffer;
	}

	#writeSome(buffer: Buffer): number {
		if (this.#gone) return buffer.length;
		try {
			return writeSync(this.#fd, buffer);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === "EAGAIN" || code === "EINTR") return 0;
			this.#gone = true;
			return buffer.length;
		}
	}
}

/** As many whole lines as stay together; one at least. */
function firstLines(buffer: Buffer): Buffer {
	if (buffer.length <= WHOLE) return buffer;
	const end = buffer.lastIndexOf("\n", WHOLE - 1) + 1;
	return end > 0 ? buffer.subarray(0, end) : buffer.subarray(0, buffer.indexOf("\n") + 1);
}

/** A standard stream that is a pipe blocks the event loop until Node has made its stream. */
function nonBlocking(fd: number): number {
	const stream = fd === 1 ? process.stdout : fd === 2 ? process.stderr : undefined;
	return stream?.fd ?? fd;
}

function pause(milliseconds: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
