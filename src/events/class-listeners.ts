import { isClass } from "../kernel/is-class.ts";
import type { Class } from "../kernel/is-class.ts";
import type { ServiceClass } from "../kernel/service.ts";
import { isPlainObject } from "../kernel/json.ts";
import { eventErrors } from "./errors.ts";
import type { EventRef } from "./event-ref.ts";
import { ListenMarks } from "./listen-marks.ts";
import type { ListenerConfig } from "./listener-config.ts";
import type { ListenerContext } from "./listener-context.ts";
import { ListenerGroup } from "./listener-group.ts";
import type { ListenerDefinition } from "./manager-options.ts";
import type { Subscription } from "./subscription.ts";

type Add = (ref: EventRef, handler: unknown, config?: ListenerConfig) => Subscription;
type Methods = Readonly<Record<PropertyKey, (...args: unknown[]) => unknown>>;
/** Finds the object whose method is called. */
type Target = (ctx: ListenerContext) => object;

/** Where something is registered from. */
export interface RegistrationPlace {
	readonly source: string | undefined;
	/** What keeps back the listeners of all sources, until it takes the place of those before. */
	readonly stage: object | undefined;
}

interface Registered extends RegistrationPlace {
	readonly listener: object;
	/** What its ids begin with. */
	readonly label: string;
	readonly group: ListenerGroup;
}

/** The classes, and instances of classes, whose marked methods listen. */
export class ClassListeners {
	readonly #add: Add;
	readonly #services: "services" | "none";
	readonly #place: () => RegistrationPlace;
	#registered: readonly Registered[] = [];

	constructor(add: Add, services: "services" | "none", place: () => RegistrationPlace) {
		this.#add = add;
		this.#services = services;
		this.#place = place;
	}

	/** The classes that are made when an event comes. */
	get classes(): Class[] {
		return this.#staying().flatMap(({ listener }) => (isClass(listener) ? [listener] : []));
	}

	/** Registers every marked method, or what is a listener as data; see `EventManager.register`. */
	register(listener: object): ListenerGroup {
		if (isDefinition(listener)) return new ListenerGroup([this.#addDefinition(listener)]);
		const { name, prototype } = classOf(listener);
		const methods = ListenMarks.of(prototype as object);
		if (methods.size === 0) throw bad(name, "none of its methods is marked with @listen");
		const target = this.#targetOf(listener);
		const label = this.#labelOf(listener, name === "" ? "class" : name);
		const added: Subscription[] = [];
		try {
			for (const [method, marks] of methods) {
				const handler = handlerOf(target, method);
				for (const [index, { ref, config }] of marks.entries()) {
					const number = index === 0 ? "" : `#${index + 1}`;
					const id = `${label}.${String(method)}${number}`;
					const options = typeof config === "string" ? { mode: config } : config;
					added.push(this.#add(ref, handler, { id, ...options }));
				}
			}
		} catch (error) {
			for (const subscription of added) subscription.unsubscribe();
			throw error;
		}
		const group = new ListenerGroup(added);
		const live = this.#registered.filter((one) => one.group.active);
		this.#registered = [...live, { listener, label, group, ...this.#place() }];
		return group;
	}

	#addDefinition(definition: ListenerDefinition): Subscription {
		const { ref, config } = definition;
		return this.#add(ref, definition.handler, config);
	}

	#targetOf(listener: object): Target {
		if (!isClass(listener)) return () => listener;
		if (this.#services === "services") return (ctx) => ctx.get(listener);
		const { name, length, inject = [] } = listener as ServiceClass;
		if (length > 0 || inject.length > 0) {
			throw bad(name, "it takes services, and there are none: register an instance of it");
		}
		const instance = new listener();
		return () => instance;
	}

	/**
	 * What its ids begin with: its name, so that registering it again replaces it, or the name with a
	 * number while that belongs to another, so that classes of two plugins can have one name.
	 */
	#labelOf(listener: object, name: string): string {
		const staying = this.#staying();
		const known = staying.find((one) => one.listener === listener);
		if (known !== undefined) return known.label;
		const taken = new Set(staying.map(({ label }) => label));
		for (let number = 1; ; number++) {
			const label = number === 1 ? name : `${name}(${number})`;
			if (!taken.has(label)) return label;
		}
	}

	/** Those that will be there when a stage, if one is open, has taken over. */
	#staying(): readonly Registered[] {
		const { stage } = this.#place();
		return this.#registered.filter(
			(one) =>
				one.group.active &&
				(stage === undefined || one.stage === stage || one.source === undefined),
		);
	}
}

function isDefinition(listener: object): listener is ListenerDefinition {
	return isPlainObject(listener) && "handler" in listener;
}

/** Calls the method of that name as it is then, so that an override is called. */
function handlerOf(target: Target, method: PropertyKey): unknown {
	return (event: unknown, slug: string, ctx: ListenerContext) =>
		(target(ctx) as Methods)[method]?.(event, slug, ctx);
}

function classOf(listener: unknown): Class {
	if (isClass(listener)) return listener;
	const found: unknown = Object(listener) === listener && (listener as object).constructor;
	if (typeof listener === "object" && isClass(found)) return found;
	throw bad(String(listener), "it is neither a class nor an instance of one");
}

function bad(name: string, reason: string): Error {
	return eventErrors.create("bad_listener_class", { name, reason });
}
