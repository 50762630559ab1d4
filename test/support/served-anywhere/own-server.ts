import { createApp } from "burdock";
import { nodePlatform } from "burdock/node";
import config from "./bknd.config.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

/** As much of Bun and Deno as this program uses. */
interface Runtimes {
	readonly Bun?: {
		serve(options: { readonly hostname: string; readonly port: number; readonly fetch: Fetch }): {
			stop(): Promise<void>;
		};
	};
	readonly Deno?: {
		serve(
			options: { readonly hostname: string; readonly port: number },
			fetch: Fetch,
		): { shutdown(): Promise<void> };
	};
}

const app = createApp(config, nodePlatform({ exposure: "public" }));
await app.build();

const { Bun, Deno } = globalThis as Runtimes;
const address = { hostname: "127.0.0.1", port: Number(process.argv[2]) };
const server = Bun?.serve({ ...address, fetch: app.fetch });
const other = Deno?.serve(address, app.fetch);
console.log(`answers at http://${address.hostname}:${address.port}`);

process.once("SIGTERM", () => void stop());

async function stop(): Promise<void> {
	await (server?.stop() ?? other?.shutdown());
	await app.close();
	console.log("Stopped.");
}
