import type { App } from "../../app/app.ts";
import {
	ServerBootstrap,
	ServerBootstrapDone,
	ServerMainBootstrap,
	ServerMainBootstrapDone,
	ServerMainShutdown,
	ServerShutdown,
	ServerWorkerBootstrap,
	ServerWorkerBootstrapDone,
	ServerWorkerShutdown,
	type ServerParams,
} from "../../app/server-events.ts";
import { settled } from "../../app/settled.ts";

/** What a process is of its server: all of it, the one that starts workers, or a worker by its number. */
export type ServerPart = "whole" | "main" | number;

type ServerEventClass = new (params: ServerParams) => ServerBootstrap;

/** Emits the events of a server, as far as they are about this process; each of them once. */
export class ServerLife {
	readonly #part: ServerPart;
	#url = "";
	#begun = false;

	constructor(part: ServerPart = "whole") {
		this.#part = part;
	}

	/** The app is built, and answers nothing yet. Waits for sync listeners. */
	async begin(app: App, url: string): Promise<void> {
		this.#url = url;
		this.#begun = true;
		await this.#emit(app, [
			ServerBootstrap,
			...this.#ofMain(ServerMainBootstrap),
			...this.#ofWorker(ServerWorkerBootstrap),
		]);
	}

	/** The app answers. Waits for sync listeners. */
	async done(app: App): Promise<void> {
		await this.#emit(app, [
			...this.#ofMain(ServerMainBootstrapDone),
			...this.#ofWorker(ServerWorkerBootstrapDone),
			ServerBootstrapDone,
		]);
	}

	/**
	 * No more connections are taken. Resolves to the number of events whose listeners are not done after
	 * `timeout` milliseconds.
	 */
	closing(app: App | undefined, timeout: number): Promise<number> {
		return this.#end(app, this.#ofWorker(ServerWorkerShutdown), timeout);
	}

	/** No request is open any more. Resolves as {@link closing} does. */
	closed(app: App | undefined, timeout: number): Promise<number> {
		return this.#end(app, [...this.#ofMain(ServerMainShutdown), ServerShutdown], timeout);
	}

	async #end(
		app: App | undefined,
		classes: readonly ServerEventClass[],
		timeout: number,
	): Promise<number> {
		if (app === undefined || !this.#begun) return 0;
		return settled([this.#emit(app, classes)], timeout);
	}

	async #emit(app: App, classes: readonly ServerEventClass[]): Promise<void> {
		const worker = typeof this.#part === "number" ? { worker: this.#part } : {};
		for (const Told of classes) {
			await app.emgr.emit(new Told({ app, url: this.#url, ...worker }));
		}
	}

	#ofMain(told: ServerEventClass): readonly ServerEventClass[] {
		return typeof this.#part === "number" ? [] : [told];
	}

	#ofWorker(told: ServerEventClass): readonly ServerEventClass[] {
		return this.#part === "main" ? [] : [told];
	}
}
