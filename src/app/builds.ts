import type { Hono } from "hono";
import {
	chain,
	isPromise,
	rescue,
	run,
	toPromise,
	wait,
	type Maybe,
	type Steps,
} from "../kernel/maybe.ts";
import type { AsyncContext } from "../kernel/platform.ts";
import type { AppParts } from "./app-parts.ts";
import type { ConfigPatch } from "./app.ts";
import { Build, type Built } from "./build.ts";
import type { Config } from "./config.ts";
import { Door } from "./door.ts";
import { appErrors } from "./errors.ts";
import { patchConfig } from "./patch-config.ts";
import { readConfig } from "./read-config.ts";

/**
 * The builds of an app, one at a time: what the last one made answers until the next one takes over.
 * A build that has nothing to wait for is done at once.
 */
export class Builds {
	readonly #parts: AppParts;
	#config: Config;
	#door: Door;
	#built: Built | undefined;
	/** How many adapters are connected: once, whatever later builds change. */
	#connected = 0;
	#building: Promise<void> | undefined;
	/** Stands for the build that runs, in {@link #within} as here. */
	#running: object | undefined;
	readonly #within: AsyncContext<object>;
	#configuring: Promise<unknown> = Promise.resolve();
	#closed = false;

	constructor(parts: AppParts, config: Config) {
		this.#parts = parts;
		this.#config = config;
		this.#within = parts.platform.createContext();
		this.#door = this.#makeDoor();
	}

	/** The config of the last build, or of the one that runs. */
	get config(): Config {
		return this.#config;
	}

	/** What requests pass through now. */
	get door(): Door {
		return this.#door;
	}

	/** The routes of the last build; undefined before the first one. */
	get hono(): Hono | undefined {
		return this.#built?.hono;
	}

	/** What requests are answered by: the first one that asks builds it. */
	current(): Maybe<Hono> {
		this.#checkOpen();
		return (
			this.#built?.hono ??
			chain(this.build(), () => {
				if (this.#built === undefined) throw appErrors.create("not_built", {});
				return this.#built.hono;
			})
		);
	}

	/**
	 * The build that runs, or a new one.
	 * @throws `app_closed`, `build_within_build`; what the build throws.
	 */
	build(): Maybe<void> {
		this.#checkOpen();
		this.#checkOutside();
		if (this.#building !== undefined) return this.#building;
		const running = (this.#running = {});
		const done = (): void => {
			this.#building = undefined;
			this.#running = undefined;
		};
		const building = rescue(
			() => this.#within.run(running, () => run(() => this.#steps())),
			(error) => {
				done();
				throw error;
			},
		);
		if (!isPromise(building)) return done();
		this.#building = building.then(done);
		return this.#building;
	}

	/** Builds with a changed config, after the changes that were asked for before. */
	configure(patch: ConfigPatch): Promise<void> {
		this.#checkOutside();
		const configured = this.#configuring.then(() => this.#configure(patch));
		this.#configuring = configured.catch(() => {});
		return configured;
	}

	/** No build begins any more; answers the one that runs. */
	close(): Promise<void> | undefined {
		this.#closed = true;
		return this.#building;
	}

	#checkOpen(): void {
		if (this.#closed) throw appErrors.create("app_closed", {});
	}

	/** A hook or listener of the build that runs must not wait for a build: that one waits for it. */
	#checkOutside(): void {
		if (this.#running === undefined) return;
		const within = this.#building === undefined || this.#within.get() === this.#running;
		if (within) throw appErrors.create("build_within_build", {});
	}

	async #configure(patch: ConfigPatch): Promise<void> {
		const old = this.#config;
		const config = readConfig(patchConfig(old, patch), this.#parts.platform.env);
		while (this.#building !== undefined) await this.#building.catch(() => undefined);
		this.#config = config;
		try {
			await toPromise(() => this.build());
		} catch (error) {
			this.#config = old;
			throw error;
		}
	}

	/** Until it is done, what the last build made goes on. */
	*#steps(): Steps<void> {
		const last = this.#built;
		const build = new Build(this.#parts, { config: this.#config, door: this.#makeDoor(), last });
		const takeOver = yield* wait(build.make());
		this.#built = takeOver();
		this.#door = this.#built.door;
		try {
			this.#connect();
			yield* wait(this.#apart(() => build.announce()));
			if (last === undefined) yield* wait(this.#apart(() => build.boot()));
		} catch (error) {
			if (last === undefined) this.#built = undefined;
			throw error;
		}
	}

	/** Within a scope that is not the request's who happens to ask first; deferred work starts by itself. */
	#apart<T>(call: () => T): T {
		const { app, platform } = this.#parts;
		const scope = app.emgr.scope({
			env: platform.env,
			waitUntil: (work) => platform.waitUntil?.(work),
		});
		void scope.executeAsyncs();
		return scope.run(call);
	}

	#connect(): void {
		const { adapters = [] } = this.#config.events ?? {};
		for (const { adapter, ...options } of adapters.slice(this.#connected)) {
			this.#parts.app.emgr.connect(adapter, options);
			this.#connected++;
		}
	}

	#makeDoor(): Door {
		return new Door(this.#parts, this.#config, () => this.current());
	}
}
