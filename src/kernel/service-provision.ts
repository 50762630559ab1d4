import { isClass } from "./is-class.ts";
import { isPromise } from "./maybe.ts";
import type { GetService, ServiceClass, ServiceKey, ServiceLifetime } from "./service.ts";

/** How a service is made, and how long it stays. */
export interface Provision {
	readonly key: ServiceKey;
	readonly make: (get: GetService, scope: never) => unknown;
	/** What its class says that it takes. */
	readonly inject: readonly ServiceKey[];
	/** `"given"` is the service itself, `"self"` a class that nobody provided. */
	readonly origin: "given" | "provided" | "self";
	/** As it was asked for. */
	readonly per: ServiceLifetime | undefined;
	/** As it is, what it needs considered; undefined until somebody asks. */
	lifetime: ServiceLifetime | undefined;
	/** Whose services were made with it. */
	readonly users: Set<ServiceKey>;
}

/** What was provided, as it will be made; `"self"` for a class that nobody provided. */
export function provisionOf(
	key: ServiceKey,
	service: unknown,
	per: ServiceLifetime | undefined,
	origin: "provided" | "self" = "provided",
): Provision {
	const base = { key, origin, per, inject: [], lifetime: undefined, users: new Set<ServiceKey>() };
	if (isClass(service)) {
		const { inject = [] } = service as ServiceClass;
		return { ...base, inject, make: (get) => new service(...(inject.map(get) as never[])) };
	}
	if (typeof service === "function") return { ...base, make: service as Provision["make"] };
	return { ...base, origin: "given", per: "app", make: () => service };
}

/** Whether a service was made here, and has to be disposed of, or is a promise of such. */
export function canBeDisposed(service: unknown, { origin }: Provision): boolean {
	if (origin === "given" || typeof service !== "object" || service === null) return false;
	return Symbol.dispose in service || Symbol.asyncDispose in service || isPromise(service);
}

/** Disposes of a service, if that can be done. */
export async function disposeOf(service: unknown): Promise<void> {
	const { [Symbol.asyncDispose]: later, [Symbol.dispose]: now } = Object(service) as Partial<
		AsyncDisposable & Disposable
	>;
	if (later !== undefined) await later.call(service as AsyncDisposable);
	else now?.call(service as Disposable);
}
