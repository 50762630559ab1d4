export { adapterConformance } from "./adapter-conformance.ts";
export { expectEvents } from "./expect-events.ts";
export { HOSTILE_OBJECT_KEYS } from "./hostile-object-keys.ts";
export { spy } from "./spy.ts";
export { storageConformance } from "./storage-conformance.ts";

export type { ConformanceCase } from "./adapter-conformance.ts";
export type { BusUnderTest } from "./bus-ends.ts";
export type { EventSpy } from "./spy.ts";
export type { StorageConformanceOptions, StorageUnderTest } from "./storage-conformance.ts";
