import { Event } from "./event.ts";

/**
 * An event that says nothing but that it happens.
 *
 * @example
 * ```ts
 * class CacheCleared extends NoParamEvent {
 *   static override slug = "cache.cleared";
 * }
 * await emgr.emit(new CacheCleared());
 * ```
 */
export abstract class NoParamEvent extends Event {
	constructor() {
		super(undefined);
	}
}
