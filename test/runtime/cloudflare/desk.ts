import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Where Workers under test wait until they are let go, and leave notes; one for each test file. */
export class Desk {
	readonly notes: string[] = [];
	readonly #waiting = new Map<string, ServerResponse[]>();
	readonly #changed = new EventTarget();
	readonly #server = createServer((request, response) => {
		const [, what, text = ""] = (request.url ?? "").split("/").map(decodeURIComponent);
		if (what === "note") {
			this.notes.push(text);
			response.end();
		} else this.#waiting.set(text, [...(this.#waiting.get(text) ?? []), response]);
		this.#changed.dispatchEvent(new Event("change"));
	});

	/** Opens it; answers its URL. */
	async open(): Promise<string> {
		await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Waits until this many wait under a name. */
	held(name: string, count = 1): Promise<void> {
		return this.#until(() => (this.#waiting.get(name)?.length ?? 0) >= count);
	}

	/** Waits until somebody has left a note. */
	noted(note: string): Promise<void> {
		return this.#until(() => this.notes.includes(note));
	}

	/** Lets everybody go who waits under a name. */
	release(name: string): void {
		for (const response of this.#waiting.get(name) ?? []) response.end();
		this.#waiting.delete(name);
	}

	close(): void {
		this.#server.closeAllConnections();
		this.#server.close();
	}

	async #until(isSo: () => boolean): Promise<void> {
		while (!isSo()) {
			await new Promise((next) => this.#changed.addEventListener("change", next, { once: true }));
		}
	}
}
