import { AdHocEvent } from "./ad-hoc-event.ts";
import { coreError } from "./core-error.ts";
import type { AnyEvent, EventClass } from "./event-class.ts";
import { EventClasses } from "./event-classes.ts";
import type { EntityNames, Listener } from "./listener.ts";
import { checkEventName, UNKNOWN } from "./pattern.ts";
import type { Pattern } from "./pattern.ts";
import { classOf, makePlan } from "./plan.ts";
import type { ClassPlans, Plan } from "./plan.ts";

/** Plans kept for names and entities that come from outside; beyond it they are made anew. */
const MAX_PLANS = 1024;

/** What an index asks about names. */
export interface IndexSettings {
	readonly entityNames: EntityNames;
	/** The end of the message about an unknown name. */
	readonly hint: (name: string, slugs: Iterable<string>) => string;
}

/** Who listens to a name or pattern. */
interface Heard {
	readonly pattern: Pattern;
	readonly listeners: Set<Listener>;
}

/**
 * All listeners of a manager, found by what they listen to, and the plans made of them. A plan is
 * made when an event first needs it and forgotten when its listeners change.
 */
export class ListenerIndex {
	readonly classes = new EventClasses();
	readonly #settings: IndexSettings;
	readonly #byId = new Map<string, Listener>();
	readonly #exact = new Map<string, Heard>();
	readonly #globs = new Map<string, Heard>();
	readonly #adHoc = new Map<string, Plan>();
	#closed = false;
	/** Grows when listeners change that any plan may contain. */
	#version = 0;
	/** The class of the event before: a bulk write emits many of one class in a row. */
	#recent: ClassPlans | undefined;

	constructor(settings: IndexSettings) {
		this.#settings = settings;
	}

	/** Every listener, in order of registration. */
	get listeners(): Iterable<Listener> {
		return this.#byId.values();
	}

	/**
	 * Adds a listener; one of the same id is replaced and leaves it its rank.
	 *
	 * @throws {EventError} `unknown_event`, `sync_only`.
	 */
	add(listener: Listener): void {
		if (this.#closed) throw coreError("manager_stopped", {});
		this.check(listener);
		const replaced = this.#byId.get(listener.id);
		if (replaced !== undefined) {
			listener.rank = replaced.rank;
			this.remove(replaced);
		}
		this.#byId.set(listener.id, listener);
		for (const pattern of listener.patterns) {
			const refs = this.#refs(pattern);
			const heard = refs.get(pattern.source) ?? { pattern, listeners: new Set() };
			refs.set(pattern.source, heard);
			heard.listeners.add(listener);
			this.#forget(pattern);
		}
	}

	/** Removes all listeners, and takes no more. */
	close(): void {
		this.#closed = true;
		for (const listener of this.#byId.values()) this.remove(listener);
	}

	/** @throws {EventError} `unknown_event`, `sync_only`. */
	check(listener: Listener): void {
		for (const pattern of listener.patterns) this.#checkRef(pattern, listener);
	}

	/** Removes this listener; one that took its id stays. */
	remove(listener: Listener): void {
		if (!listener.active) return;
		listener.active = false;
		listener.release?.();
		if (this.#byId.get(listener.id) === listener) this.#byId.delete(listener.id);
		for (const pattern of listener.patterns) this.#unlist(listener, pattern);
	}

	/** Removes listeners from what was registered as exactly `ref`, of one handler or of all. */
	removeRef(ref: string, handler: unknown): void {
		const heard = this.#exact.get(ref) ?? this.#globs.get(ref);
		for (const listener of heard?.listeners ?? []) {
			// What the manager itself registers has ends of its own: a channel's, a bridge's.
			if (listener.mode === "record") continue;
			if (handler !== undefined && listener.handler !== handler) continue;
			const { patterns } = listener;
			if (patterns.length === 1) {
				this.remove(listener);
			} else {
				const at = patterns.findIndex(({ source }) => source === ref);
				for (const pattern of patterns.splice(at, 1)) this.#unlist(listener, pattern);
			}
		}
	}

	/** Who is called for an event; registers its class when that is new. */
	planOf(event: AnyEvent): Plan {
		const eventClass = classOf(event);
		let entry = this.#recent;
		if (entry?.eventClass !== eventClass) {
			entry = this.classes.find(eventClass);
			if (entry === undefined) return this.#planOfNewClass(event);
			this.#recent = entry;
		}
		if (entry.byEntity) return this.#planIn(entry, event.entityName);
		const { plan } = entry;
		return plan?.version === this.#version ? plan : this.#planIn(entry, undefined);
	}

	/** Who is called for events of a class: of one entity, or of any when none is given. */
	planFor(eventClass: EventClass, entityName?: string): Plan {
		const entry = this.classes.find(eventClass) ?? this.classes.add(eventClass);
		return this.#planIn(entry, entry.byEntity ? entityName : undefined);
	}

	/** Who is called for an ad-hoc event. */
	planNamed(name: string): Plan {
		const known = this.#adHoc.get(name);
		if (known !== undefined && known.version === this.#version) return known;
		checkEventName(name);
		const found = this.#find(name, name, (listener) => this.#takes(listener, undefined));
		const plan = makePlan({ slug: name, fact: false, syncOnly: false }, found, this.#version);
		keep(this.#adHoc, name, plan);
		return plan;
	}

	/** Names that are listened to exactly and that no class claims as its slug. */
	*openNames(): Iterable<string> {
		for (const name of this.#exact.keys()) if (this.classes.named(name) === undefined) yield name;
	}

	#planOfNewClass(event: AnyEvent): Plan {
		if (event instanceof AdHocEvent) return this.planNamed(event.slug);
		this.classes.add(classOf(event));
		return this.planOf(event);
	}

	/** Without an entity, the plan of a class that has entities is everybody who hears some entity. */
	#planIn(entry: ClassPlans, entityName: string | undefined): Plan {
		const known = entityName === undefined ? entry.plan : entry.entities.get(entityName);
		if (known !== undefined && known.version === this.#version) return known;
		const { eventClass, byEntity } = entry;
		const any = byEntity && entityName === undefined;
		const topic = eventClass.topicFor(any ? UNKNOWN : entityName);
		const found = this.#find(
			eventClass.slug,
			topic,
			(listener) => any || this.#takes(listener, entityName),
		);
		const plan = makePlan(eventClass, found, this.#version);
		if (entityName === undefined) entry.plan = plan;
		else keep(entry.entities, entityName, plan);
		return plan;
	}

	#takes(listener: Listener, entityName: string | undefined): boolean {
		return listener.takesEntity(entityName, this.#settings.entityNames);
	}

	#find(slug: string, topic: string, takes: (listener: Listener) => boolean): Set<Listener> {
		const names = topic === slug ? [slug] : [slug, topic];
		const heard = names.map((name) => this.#exact.get(name));
		if (topic.includes(UNKNOWN)) {
			for (const ref of this.#exact.values()) if (ref.pattern.matches(topic)) heard.push(ref);
		}
		for (const ref of this.#globs.values()) {
			if (names.some((name) => ref.pattern.matches(name))) heard.push(ref);
		}
		return new Set(heard.flatMap((ref) => [...(ref?.listeners ?? [])].filter(takes)));
	}

	#refs({ literal }: Pattern): Map<string, Heard> {
		return literal ? this.#exact : this.#globs;
	}

	#unlist(listener: Listener, pattern: Pattern): void {
		const refs = this.#refs(pattern);
		const listeners = refs.get(pattern.source)?.listeners;
		listeners?.delete(listener);
		if (listeners?.size === 0) refs.delete(pattern.source);
		this.#forget(pattern);
	}

	/** Forgets the plans that listeners of this pattern are part of. */
	#forget(pattern: Pattern): void {
		const entry = pattern.literal ? this.classes.named(pattern.source) : undefined;
		if (entry === undefined) this.#version++;
		else entry.forget();
	}

	#checkRef(pattern: Pattern, listener: Listener): void {
		const { source, literal } = pattern;
		if (literal && !source.includes(".") && this.classes.named(source) === undefined) {
			throw this.unknown(source);
		}
		if (listener.mode !== "async") return;
		const heard = (entry: ClassPlans): boolean =>
			namesOf(entry).some((name) => pattern.matches(name));
		const classes = [...this.classes];
		if (!classes.some((entry) => entry.eventClass.syncOnly && heard(entry))) return;
		if (classes.some((entry) => !entry.eventClass.syncOnly && heard(entry))) return;
		throw coreError("sync_only", { slug: source, listener: listener.id });
	}

	/** The error for an undotted name that nobody registered. */
	unknown(name: string): Error {
		const slugs = Array.from(this.classes, ({ eventClass }) => eventClass.slug);
		return coreError("unknown_event", { name, hint: this.#settings.hint(name, slugs) });
	}
}

function namesOf({ eventClass, byEntity }: ClassPlans): string[] {
	return [eventClass.slug, eventClass.topicFor(byEntity ? UNKNOWN : undefined)];
}

function keep(plans: Map<string, Plan>, name: string, plan: Plan): void {
	if (plans.size >= MAX_PLANS) plans.clear();
	plans.set(name, plan);
}
