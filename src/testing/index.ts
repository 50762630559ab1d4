export { expectEvents } from "./expect-events.ts";
export { spy } from "./spy.ts";

export type { EventSpy } from "./spy.ts";
