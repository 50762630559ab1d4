import { EventManager, createApp, defineEvent, type App } from "burdock";
import * as d1 from "burdock/data/d1";
import * as libsql from "burdock/data/libsql";
import * as data from "burdock/data";
import { Event } from "burdock/events";
import { serve } from "burdock/node";
import { openTelemetry } from "burdock/otel";
import { spy } from "burdock/testing";
import config from "./bknd.config.ts";

const NotePinned = defineEvent<{ readonly id: number }>("note.pinned");

/** What a user's program says to the declarations; a test checks its types, nobody runs it. */
export async function main(): Promise<readonly string[]> {
	const emgr = new EventManager([NotePinned], { instruments: [openTelemetry()] });
	const recorded = spy(emgr);
	emgr.onEvent(NotePinned, (event) => void event.params.id.toFixed(), { id: "pin" });
	const event = await emgr.emit(new NotePinned({ id: 1 }));
	const app: App = createApp(config);
	const server = await serve(config, { port: 0 });
	await server.close();
	const isEvent: boolean = event instanceof Event;
	return [
		...recorded.slugs,
		String(isEvent),
		typeof app,
		...Object.keys({ ...d1, ...libsql, ...data }),
	];
}
