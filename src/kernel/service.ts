/**
 * Stands for a service that is no instance of a class: an interface, a value, a function. Made by
 * {@link defineService}; two of the same name are two services.
 */
export class ServiceToken<T> {
	readonly name: string;
	/** For the type checker alone: nothing has it. */
	declare protected readonly service: T;

	constructor(name: string) {
		this.name = name;
	}
}

/**
 * Makes a token, typed by the service that it stands for.
 *
 * @param name for error messages.
 * @example
 * ```ts
 * const Rates = defineService<(currency: string) => number>("rates");
 * app.provide(Rates, () => (currency) => (currency === "EUR" ? 1 : 1.1));
 * const rate = app.get(Rates)("EUR");
 * ```
 */
export function defineService<T>(name: string): ServiceToken<T> {
	return new ServiceToken<T>(name);
}

/** What a service is asked for by: a class, also an abstract one, or a token. */
export type ServiceKey<T = unknown> = ServiceToken<T> | (abstract new (...args: never[]) => T);

/** Finds the service that was provided for a class or token. */
export type GetService = <T>(key: ServiceKey<T>) => T;

/** How many there are of a service: one, or one in each scope (request, job, emit). */
export type ServiceLifetime = "app" | "scope";

/** Makes a service; `scope` is the one that it is made for, where there is one for each. */
export type ServiceFactory<T, Scope = undefined> = (get: GetService, scope: Scope) => T;

/** A class that says which services its constructor takes. */
export interface ServiceClass<T = unknown> {
	new (...args: never[]): T;
	readonly inject?: readonly ServiceKey[];
}

/**
 * What may be provided for a service: a class, which is constructed; a function, which is called; or
 * anything else, which is the service itself. A service that is a function or a class needs a
 * function that returns it.
 */
export type ProvidedService<T, Scope = undefined> =
	| ServiceClass<T>
	| ServiceFactory<T, Scope>
	| Exclude<T, ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown)>;
