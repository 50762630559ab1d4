import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { abortableChunks } from "../../src/media/abortable-chunks.ts";

const REASON = new Error("Too late.");

/** Chunks 1 to 3, and what was asked of them. */
class Source implements AsyncIterable<number> {
	asked = 0;
	ended = 0;
	onAsked: (chunk: number) => unknown = () => undefined;

	[Symbol.asyncIterator](): AsyncIterator<number, undefined> {
		return {
			next: async () => {
				const value = ++this.asked;
				await this.onAsked(value);
				return value > 3 ? { done: true, value: undefined } : { done: false, value };
			},
			return: async () => {
				this.ended++;
				throw new Error("It can't be ended.");
			},
		};
	}
}

async function takeAll(source: Source, signal?: AbortSignal): Promise<readonly number[]> {
	const taken: number[] = [];
	for await (const chunk of abortableChunks(source, signal)) taken.push(chunk);
	return taken;
}

describe("chunks that end by a signal", () => {
	it("are the same chunks when there is none, or it is never aborted", async () => {
		expect(await takeAll(new Source())).toEqual([1, 2, 3]);
		const { signal } = new AbortController();
		expect(await takeAll(new Source(), signal)).toEqual([1, 2, 3]);
		expect(getEventListeners(signal, "abort")).toEqual([]);
	});

	it("are not asked for when it was aborted before", async () => {
		const source = new Source();
		await expect(takeAll(source, AbortSignal.abort(REASON))).rejects.toBe(REASON);
		expect(source.asked).toBe(0);
	});

	it.each([1, 2, 3, 4])("end when it is aborted while number %i comes", async (last) => {
		const [source, controller] = [new Source(), new AbortController()];
		source.onAsked = (chunk) => chunk === last && controller.abort(REASON);
		await expect(takeAll(source, controller.signal)).rejects.toBe(REASON);
		expect(source).toMatchObject({ asked: last, ended: 1 });
	});

	it("end when it is aborted while none comes", async () => {
		const [source, controller] = [new Source(), new AbortController()];
		const stalled = Promise.withResolvers<void>();
		source.onAsked = (chunk) => {
			if (chunk === 1) return;
			stalled.resolve();
			return new Promise(() => {});
		};
		const taken = takeAll(source, controller.signal);
		await stalled.promise;
		controller.abort(REASON);
		await expect(taken).rejects.toBe(REASON);
		expect(source.ended).toBe(1);
	});

	it("are not asked for another when it is aborted while one is used", async () => {
		const [source, controller] = [new Source(), new AbortController()];
		const chunks = abortableChunks(source, controller.signal);
		await chunks.next();
		controller.abort(REASON);
		await expect(chunks.next()).rejects.toBe(REASON);
		expect(source).toMatchObject({ asked: 1, ended: 1 });
	});

	it("tell their source when nobody wants more", async () => {
		const source = new Source();
		for await (const _ of abortableChunks(source, new AbortController().signal)) break;
		expect(source).toMatchObject({ asked: 1, ended: 1 });
	});

	it("throw what their source throws", async () => {
		const source = new Source();
		source.onAsked = () => Promise.reject(REASON);
		await expect(takeAll(source, new AbortController().signal)).rejects.toBe(REASON);
	});
});
