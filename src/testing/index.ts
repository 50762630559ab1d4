export { adapterConformance } from "./adapter-conformance.ts";
export { expectEvents } from "./expect-events.ts";
export { spy } from "./spy.ts";

export type { BusUnderTest, ConformanceCase } from "./adapter-conformance.ts";
export type { EventSpy } from "./spy.ts";
