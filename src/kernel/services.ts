import { isAppError } from "./error.ts";
import { isClass } from "./is-class.ts";
import { isPromise } from "./maybe.ts";
import { ServiceToken } from "./service.ts";
import type {
	GetService,
	ProvidedService,
	ServiceClass,
	ServiceKey,
	ServiceLifetime,
} from "./service.ts";
import { serviceErrors } from "./service-errors.ts";
import { canBeDisposed, disposeOf, provisionOf } from "./service-provision.ts";
import type { Provision } from "./service-provision.ts";

/** The way to a service that is asked for: who asks, and who asked for that one. */
interface Asking {
	readonly provision: Provision;
	readonly by: Asking | undefined;
}

/**
 * Services by class or token: what was provided is made when somebody first asks for it, and kept,
 * for the app or for a scope. A class that nobody provided makes itself: of what its `static inject`
 * names, or of nothing if its constructor takes nothing.
 *
 * There is no reflection: `static inject` lists the constructor's parameters in their order.
 *
 * @example
 * ```ts
 * class Greeter {
 *   static inject = [Words];
 *   readonly words: Words;
 *   constructor(words: Words) {
 *     this.words = words;
 *   }
 * }
 * const services = new Services();
 * services.provide(Words, () => new Words("en"));
 * services.get(Greeter).words;
 * ```
 */
export class Services<Scope extends object = object> {
	#provisions = new Map<unknown, Provision>();
	/** By scope, so that they go with it; those of the app by this container. */
	readonly #made = new WeakMap<object, WeakMap<Provision, unknown>>();
	readonly #disposable: unknown[] = [];

	/**
	 * Says what a service is. Providing it again replaces it: it, and what was made with it, is made
	 * anew when somebody next asks.
	 *
	 * @param options.per Default: `"app"`; for a class `"scope"` if it needs a service of a scope.
	 * @throws {AppError} `bad_service`.
	 */
	provide<T>(
		key: ServiceKey<T>,
		service: ProvidedService<NoInfer<T>, Scope>,
		{ per }: { readonly per?: ServiceLifetime } = {},
	): void {
		checkKey(key, undefined);
		if (per !== undefined && per !== "app" && per !== "scope") {
			throw bad(nameOf(key), `it is per "${String(per)}", which is neither "app" nor "scope"`);
		}
		this.#forget(key);
		this.#provisions.set(key, provisionOf(key, service, per));
	}

	/**
	 * The service of a class or token.
	 *
	 * @param scope What services that are made for each scope belong to.
	 * @throws {AppError} `missing_service`, `cyclic_service`, `scoped_service`, `no_scope`; what its
	 * factory throws, as the cause of `service_failed` unless that is an `AppError`. It is tried again
	 * the next time.
	 */
	get<T>(key: ServiceKey<T>, scope?: Scope): T {
		return this.#find(key, undefined, scope) as T;
	}

	/** Remembers what is provided now; the answer goes back to it, and to what was made of it. */
	remember(): () => void {
		const provisions = new Map(this.#provisions);
		return () => {
			this.#provisions = provisions;
		};
	}

	/**
	 * Looks, without making any, for services that could not be made.
	 *
	 * @throws {AppError} `missing_service`, `cyclic_service`, `scoped_service`.
	 */
	check(key: ServiceKey): void {
		this.#planned(key, undefined);
	}

	/**
	 * Disposes of what was made for the app and can be disposed of, last made first. What was provided
	 * as it is belongs to who provided it.
	 *
	 * @param failed Told of every error; the others are disposed of all the same.
	 */
	async dispose(failed: (error: unknown) => void): Promise<void> {
		for (const service of this.#disposable.splice(0).reverse()) {
			try {
				await disposeOf(await service);
			} catch (error) {
				failed(error);
			}
		}
	}

	#find(key: unknown, by: Asking | undefined, scope: Scope | undefined): unknown {
		const provision = this.#planned(key, by);
		const owner = provision.lifetime === "scope" ? scope : this;
		if (owner === undefined) throw unscoped(provision, by);
		let made = this.#made.get(owner);
		if (made?.has(provision) === true) return made.get(provision);
		const service = this.#make({ provision, by }, owner === this ? undefined : scope);
		made = this.#made.get(owner);
		if (made === undefined) this.#made.set(owner, (made = new WeakMap()));
		made.set(provision, service);
		if (owner === this && canBeDisposed(service, provision)) this.#disposable.push(service);
		if (isPromise(service)) this.#watch(service, provision, made);
		return service;
	}

	#make(asking: Asking, scope: Scope | undefined): unknown {
		refuseCircle(asking);
		const { provision } = asking;
		try {
			const get = (key: unknown): unknown => this.#find(key, asking, scope);
			return provision.make(get as GetService, scope as never);
		} catch (error) {
			if (isAppError(error) || !(error instanceof Error)) throw error;
			const values = { service: nameOf(provision.key) };
			throw serviceErrors.create("service_failed", values, { cause: error });
		}
	}

	/** A promise that rejects is no service: it is forgotten, so that it is tried again. */
	#watch(service: Promise<unknown>, provision: Provision, made: WeakMap<Provision, unknown>): void {
		service.then(undefined, () => {
			made.delete(provision);
			const at = this.#disposable.indexOf(service);
			if (at !== -1) this.#disposable.splice(at, 1);
		});
	}

	/** How a service is made, once it is known that all it needs is there and how long it stays. */
	#planned(key: unknown, by: Asking | undefined): Provision {
		const provision = this.#provisions.get(key) ?? this.#selfMade(key, by);
		if (by !== undefined) provision.users.add(by.provision.key);
		if (provision.lifetime !== undefined) return provision;
		const asking = { provision, by };
		refuseCircle(asking);
		const { per, inject } = provision;
		let lifetime = per ?? "app";
		for (const one of inject) {
			const needed = this.#planned(one, asking);
			if (needed.lifetime !== "scope") continue;
			if (per === "app") throw unscoped(needed, asking);
			lifetime = "scope";
		}
		provision.lifetime = lifetime;
		return provision;
	}

	#selfMade(key: unknown, by: Asking | undefined): Provision {
		checkKey(key, by);
		const service = key as ServiceClass;
		const { inject = [], length } = service;
		if (!isClass(key)) throw missing(key, by, "nobody provided it");
		if (inject.length < length) {
			const takes = `its constructor takes ${length}, its static inject names ${inject.length}`;
			throw missing(key, by, `nobody provided it, and ${takes}`);
		}
		const provision = provisionOf(key, service, undefined, "self");
		this.#provisions.set(key, provision);
		return provision;
	}

	/** Forgets a service, and those that were made with it. */
	#forget(key: ServiceKey): void {
		const provision = this.#provisions.get(key);
		if (provision === undefined) return;
		const anew = { ...provision, lifetime: undefined, users: new Set<ServiceKey>() };
		if (provision.origin === "self") this.#provisions.delete(key);
		else this.#provisions.set(key, anew);
		for (const user of provision.users) this.#forget(user);
	}
}

function checkKey(key: unknown, by: Asking | undefined): void {
	if (typeof key === "function" || key instanceof ServiceToken) return;
	const reason = `only classes and what defineService has made can be asked for${askers(by)}`;
	throw bad(key === undefined ? "undefined (a circle of imports?)" : String(key), reason);
}

function refuseCircle({ provision, by }: Asking): void {
	const names = [nameOf(provision.key)];
	for (let link = by; link !== undefined; link = link.by) {
		names.unshift(nameOf(link.provision.key));
		if (link.provision !== provision) continue;
		throw serviceErrors.create("cyclic_service", { path: names.join(" → ") });
	}
}

function unscoped({ key }: Provision, by: Asking | undefined): Error {
	const service = nameOf(key);
	if (by === undefined) return serviceErrors.create("no_scope", { service });
	return serviceErrors.create("scoped_service", { service, asker: nameOf(by.provision.key) });
}

function missing(key: unknown, by: Asking | undefined, reason: string): Error {
	const values = { service: nameOf(key as ServiceKey), reason: reason + askers(by) };
	return serviceErrors.create("missing_service", values);
}

function bad(service: string, reason: string): Error {
	return serviceErrors.create("bad_service", { service, reason });
}

/** Who asked, for the end of a message. */
function askers(by: Asking | undefined): string {
	const names: string[] = [];
	for (let link = by; link !== undefined; link = link.by) names.unshift(nameOf(link.provision.key));
	return names.length === 0 ? "" : ` (asked for by ${names.join(" → ")})`;
}

function nameOf({ name }: ServiceKey): string {
	return name === "" ? "a class without a name" : name;
}
