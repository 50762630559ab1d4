import { coreError } from "./core-error.ts";
import type { AnyEvent, EntityRef } from "./event-class.ts";
import type { Handler, ListenerConfig, ListenerMode, ListenerOptions } from "./listener-config.ts";
import type { Meter } from "./meter.ts";
import type { Pattern } from "./pattern.ts";

/** What may be shown of a listener. */
export interface ListenerInfo {
	readonly id: string;
	/** `"record"` is told of the final event before anything is deferred: channels, history, adapters. */
	readonly mode: ListenerMode | "record";
	readonly order: number;
	/** The slugs, topics and patterns it listens to. */
	readonly refs: readonly string[];
	/** The names of the entities it narrows to, as far as they are known. */
	readonly entity?: readonly string[];
	readonly path?: string;
	readonly where: boolean;
	readonly once: boolean;
	/** Who registered it: `"app"`, or a plugin's name. */
	readonly source: string;
}

/** Finds the name of an entity from its table or object. */
export type EntityNames = (ref: object) => string | undefined;

/** What the manager itself may say of its recorders, beyond a config. */
export interface OwnOptions extends ListenerOptions {
	/** Told once that the listener was removed, by whomever: it will hear nothing more. */
	readonly ended?: () => void;
}

/** How a listener came to be. */
export interface Registration {
	readonly number: number;
	readonly source: string;
	/** Of what the manager itself registers; default: as the config says. */
	readonly mode?: "record";
}

/** A registered listener: what was asked for, normalised once, so that an emit only reads. */
export class Listener {
	readonly id: string;
	readonly handler: Handler;
	readonly patterns: Pattern[];
	readonly mode: ListenerMode | "record";
	readonly order: number;
	readonly where: ((event: AnyEvent) => boolean) | undefined;
	readonly path: string | undefined;
	readonly once: boolean;
	readonly timeout: number | undefined;
	readonly onError: ((event: AnyEvent, error: unknown) => void) | undefined;
	readonly previous: boolean;
	readonly reentrant: boolean;
	readonly source: string;
	/** Whether an emit must ask it before it is called. */
	readonly picky: boolean;
	/** Where it stands among listeners of the same order. */
	rank: number;
	/** False once it was unsubscribed or replaced. */
	active = true;
	/** True once the call of a `once` listener was made or queued. */
	spent = false;
	/** Called when it is removed: it lets go of the signal, and tells who wants to know. */
	release: (() => void) | undefined;
	/** Whether its ignored reply was reported already. */
	replyReported = false;
	/** What was measured of its calls, where somebody measures. */
	meter: Meter | undefined;
	readonly #entities: readonly (string | object)[] | undefined;

	constructor(
		patterns: Pattern[],
		handler: Handler,
		config: ListenerConfig,
		registration: Registration,
	) {
		const options: OwnOptions = typeof config === "string" ? { mode: config } : config;
		const { number, source } = registration;
		// A function under the key `handler` has that for a name, which says nothing.
		const name = (handler as Handler | undefined)?.name.replace(/^handler$/, "");
		this.id = options.id ?? `${source}:${name || patterns[0]?.source}#${number}`;
		this.handler = handler;
		this.patterns = patterns;
		this.mode = registration.mode ?? options.mode ?? "async";
		this.order = options.order ?? 0;
		this.where = options.where;
		this.path = options.path;
		this.once = options.once ?? false;
		this.timeout = options.timeout;
		this.onError = options.onError;
		this.previous = options.previous ?? false;
		this.reentrant = options.reentrant ?? false;
		this.source = source;
		this.picky = this.once || this.path !== undefined || this.where !== undefined;
		this.rank = number;
		this.release = options.ended;
		this.#entities = options.entity === undefined ? undefined : listOf(options.entity);
		this.#check(options.mode);
	}

	/** Whether a call with this event is wanted, entities aside: those were decided earlier. */
	wants(event: AnyEvent): boolean {
		if (this.once && this.spent) return false;
		if (this.path !== undefined && this.path !== event.path) return false;
		return this.where === undefined || this.where(event);
	}

	/** Whether events of this entity may reach it; undefined is an event without an entity. */
	takesEntity(entityName: string | undefined, names: EntityNames): boolean {
		if (this.#entities === undefined) return true;
		return entityName !== undefined && this.#entityNames(names).includes(entityName);
	}

	info(names: EntityNames): ListenerInfo {
		return {
			id: this.id,
			mode: this.mode,
			order: this.order,
			refs: this.patterns.map((pattern) => pattern.source),
			...(this.#entities === undefined ? {} : { entity: this.#entityNames(names) }),
			...(this.path === undefined ? {} : { path: this.path }),
			where: this.where !== undefined,
			once: this.once,
			source: this.source,
		};
	}

	#entityNames(names: EntityNames): string[] {
		const found: string[] = [];
		for (const entity of this.#entities ?? []) {
			const name = typeof entity === "string" ? entity : nameOf(entity, names);
			if (name !== undefined) found.push(name);
		}
		return found;
	}

	#check(mode: unknown = "async"): void {
		const { handler, order, id, where, path, timeout } = this;
		const faults: Readonly<Record<string, boolean>> = {
			"its handler is not a function": typeof handler !== "function",
			"its order is not a number": typeof order !== "number" || Number.isNaN(order),
			"its id is empty": typeof id !== "string" || id === "",
			"its where is not a function": where !== undefined && typeof where !== "function",
			"its path is empty": path === "",
			"its timeout is not 1 to 2e9 ms": timeout !== undefined && !(timeout > 0 && timeout <= 2e9),
			"it narrows to no entity at all": this.#entities?.length === 0,
			[`its mode is "${String(mode)}"`]: mode !== "sync" && mode !== "async",
		};
		const reason = Object.keys(faults).find((fault) => faults[fault]);
		if (reason === undefined) return;
		const ref = this.patterns.map(({ source }) => `"${source}"`).join(", ");
		throw coreError("bad_listener", { ref, reason });
	}
}

function listOf(entity: EntityRef): readonly (string | object)[] {
	return Array.isArray(entity) ? (entity as readonly (string | object)[]) : [entity];
}

function nameOf(entity: object, names: EntityNames): string | undefined {
	const known = names(entity);
	if (known !== undefined) return known;
	return "name" in entity && typeof entity.name === "string" ? entity.name : undefined;
}
