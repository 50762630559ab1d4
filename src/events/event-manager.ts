import { CoreEventManager } from "./core-event-manager.ts";

/**
 * Dispatches events to listeners, and everything around that: channels, class-based listeners,
 * history, adapters to other processes, what outside actors may do, statistics.
 *
 * `sync` listeners run one after the other, in order; the emitter waits, their replies may change
 * the event, a throw aborts the emit. Then channels, history and adapters are told of the final
 * event, and `async` listeners get it later and on their own. An event that nobody listens to costs
 * next to nothing.
 *
 * @example
 * ```ts
 * const emgr = new EventManager({ OrderPaid });
 * emgr.onEvent(OrderPaid, (event) => console.log(event.params.id), "sync");
 * await emgr.emit(OrderPaid, { id: "a1", total: 42 });
 * ```
 */
export class EventManager<App = unknown> extends CoreEventManager<App> {}
