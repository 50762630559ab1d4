export { AdHocEvent } from "./ad-hoc-event.ts";
export { InProcessBus } from "./bridge/in-process.ts";
export { CoreEventManager } from "./core-event-manager.ts";
export { defineEvent } from "./define-event.ts";
export { EntityEvent } from "./entity-event.ts";
export { EventError } from "./core-error.ts";
export { eventErrors } from "./errors.ts";
export { Event } from "./event.ts";
export { EventManager } from "./event-manager.ts";
export { InvalidEventReturn } from "./invalid-event-return.ts";
export { listen } from "./listen.ts";
export { NoParamEvent } from "./no-param-event.ts";
export { defineService } from "../kernel/service.ts";
export { statistics } from "./observe/statistics.ts";
export { select } from "./channel/select.ts";
export { Subscription } from "./subscription.ts";

export type {
	ChannelOptions,
	NextOptions,
	Overflow,
	WaitOptions,
} from "./channel/channel-options.ts";
export type { Bridge, BridgeCounts } from "./bridge/bridge.ts";
export type { EventEnvelope } from "./bridge/envelope.ts";
export type { BridgeOptions, EndSubscription, EventAdapter } from "./bridge/event-adapter.ts";
export type { FindEntity } from "./bridge/remote-events.ts";
export type { EventRecord, HistoryOptions, HistoryQuery } from "./history/event-record.ts";
export type { Channel } from "./channel/channel.ts";
export type { Selected } from "./channel/select.ts";
export type { Executor } from "./deferred-queue.ts";
export type { Emit, EmitOptions, Lazy } from "./emit.ts";
export type { EntityEventKind } from "./entity-event.ts";
export type {
	AnyEvent,
	ConcreteEventClass,
	EntityRef,
	EventClass,
	EventOf,
	InputOf,
	ParamsOf,
	ReplyOf,
} from "./event-class.ts";
export type { Actor, Causation, Cause, EventContext } from "./event-context.ts";
export type { ListenerFailure } from "./event.ts";
export type { DrainResult } from "./core-event-manager.ts";
export type { EventOrigin } from "./host-event-manager.ts";
export type { EventAction, EventPolicy } from "./event-policy.ts";
export type { EventOfRef, EventRef } from "./event-ref.ts";
export type { EventMap, EventName, NamedEvent } from "./event-map.ts";
export type { EventScope, ScopeOptions } from "./event-scope.ts";
export type { Instrument } from "./instrument.ts";
export type { EventStats, ListenerStats } from "./observe/event-stats.ts";
export type { StatisticsOptions } from "./observe/statistics.ts";
export type { Handler, ListenerConfig, ListenerMode, ListenerOptions } from "./listener-config.ts";
export type { PlanEntry } from "./explain.ts";
export type { ListenerContext } from "./listener-context.ts";
export type { ListenDecorator, OpenListenDecorator } from "./listen.ts";
export type { GetService, ServiceKey, ServiceToken } from "../kernel/service.ts";
export type { Sink } from "./sink.ts";
export type { ListenerGroup } from "./listener-group.ts";
export type { OutsideEvents } from "./outside-events.ts";
export type { EntityNames, ListenerInfo } from "./listener.ts";
export type {
	CoreManagerOptions,
	EventManagerOptions,
	ListenerDefinition,
	ListenerSource,
} from "./manager-options.ts";
