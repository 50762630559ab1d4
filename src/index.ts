import { createApp as createAppOn } from "./app/create-app.ts";
import type { App } from "./app/app.ts";
import type { ConfigInput } from "./app/config.ts";
import { webPlatform, type AppPlatform } from "./app/platform.ts";

export { AppEvents } from "./app/app-events.ts";
export { defineConfig } from "./app/config.ts";
export { DatabaseEvents } from "./data/database-events.ts";
export { EntityManager } from "./data/entity-manager.ts";
export { Mutator } from "./data/write/mutator.ts";
export { Repository } from "./data/read/repository.ts";
export { defineEvent } from "./events/define-event.ts";
export { EventError } from "./events/core-error.ts";
export { Event } from "./events/event.ts";
export { EventManager } from "./events/event-manager.ts";
export { listen } from "./events/listen.ts";
export { InvalidEventReturn } from "./events/invalid-event-return.ts";
export { NoParamEvent } from "./events/no-param-event.ts";
export { defineService } from "./kernel/service.ts";
export { AppError } from "./kernel/error.ts";
export { MediaEvents } from "./media/media-events.ts";

export type {
	App,
	AppDescription,
	ConfigPatch,
	Duty,
	DutyReport,
	DutyStep,
	Plugin,
	RequestContext,
	RunDutiesOptions,
} from "./app/app.ts";
export type { Config, ConfigInput, Connection } from "./app/config.ts";
export type { AppPlatform } from "./app/platform.ts";
export type { SubscriberConfig, SubscriberModule } from "./app/subscriber-module.ts";
export type { AtomicUnit } from "./data/write/atomic-unit.ts";
export type { Database } from "./data/database.ts";
export type { Entity, EntityId } from "./data/schema/entity.ts";
export type { EntityOptions } from "./data/schema/entity-options.ts";
export type { FindOptions, Where, WithInput, WithOptions } from "./data/query/find-options.ts";
export type { Pending } from "./data/write/pending.ts";
export type { UnitMutator } from "./data/write/unit-mutator.ts";
export type { WriteBatch } from "./data/write/write-batch.ts";
export type { Subscription } from "./events/subscription.ts";
export type { EventMap } from "./events/event-map.ts";
export type { EventPolicy } from "./events/event-policy.ts";
export type { Handler, ListenerConfig } from "./events/listener-config.ts";
export type { ListenerContext } from "./events/listener-context.ts";
export type { ListenerSource } from "./events/manager-options.ts";
export type { ProvidedService, ServiceKey, ServiceToken } from "./kernel/service.ts";
export type { ErrorKind, FieldError } from "./kernel/error.ts";
export type { LogFields, Logger } from "./kernel/logger.ts";
export type { AccessQuestion, AccessRule, ServerOptions } from "./server/server-options.ts";

/**
 * Makes an app of a config; see `App.build` and `App.fetch`.
 *
 * @param platform What the runtime gives. Default: Web APIs alone, where the config has to bring an
 * open database.
 * @throws `bad_config`, `schema_invalid`, each naming every fault.
 */
export function createApp(config: ConfigInput, platform: AppPlatform = webPlatform()): App {
	return createAppOn(config, platform);
}
