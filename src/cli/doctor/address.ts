import { createServer } from "node:net";
import { exposureOf, serverSettings, urlOf } from "../../runtime/node/server-settings.ts";
import { addressOf } from "../listen-options.ts";
import { fault, ok, warning, type Check, type ConfigFacts, type Facts } from "./check.ts";

/** Milliseconds that a server has to say who it is. */
const ANSWER_MS = 1_000;
/** A token with fewer characters can be guessed. */
const TOKEN_LENGTH = 16;

/** Whether a server could listen. */
export const address: Check<ConfigFacts> = {
	name: "Address",
	async run(facts) {
		const { host, port } = settings(facts);
		const url = urlOf({ host, port });
		const code = await tryListening(host, port);
		if (code === undefined) return [ok(`${url} is free`)];
		if (code === "EADDRINUSE") {
			const base = facts.config.server?.basePath ?? "/api";
			if (await isBurdock(`${url}${base}/system/info`)) {
				return [ok(`${url} is served by a Burdock that runs`)];
			}
			const message = `Port ${port} of ${host} is taken by another program.`;
			return [fault(message, "Take another one: burdock start --port 8080, or PORT=8080.")];
		}
		if (code === "EACCES") {
			const message = `This user may not listen on port ${port}.`;
			return [fault(message, "Take one above 1023, such as 8080.")];
		}
		return [
			fault(
				`${host} is not an address of this machine.`,
				"127.0.0.1 is for this machine alone, 0.0.0.0 for everybody.",
			),
		];
	},
};

/** Whether it is clear who may write. */
export const access: Check<ConfigFacts> = {
	name: "Access",
	run(facts) {
		const { host } = settings(facts);
		const { access: rule } = facts.config.server ?? {};
		const { BURDOCK_TOKEN: token = "" } = facts.env;
		if (token !== "" && token.length < TOKEN_LENGTH) {
			const message = `BURDOCK_TOKEN has ${token.length} characters only: it can be guessed.`;
			return [warning(message, "export BURDOCK_TOKEN=$(openssl rand -hex 24)")];
		}
		if (exposureOf(host) !== "public") return [ok("this machine only")];
		if (rule === "open") {
			const message = `${host} lets everybody in, and server.access lets everybody write.`;
			return [warning(message, "Leave server.access out: writes then need BURDOCK_TOKEN.")];
		}
		if (rule !== undefined || token !== "")
			return [ok("everybody reads, the rule says who writes")];
		const message = `${host} lets everybody in, and there is no BURDOCK_TOKEN: all writes are refused.`;
		return [warning(message, "export BURDOCK_TOKEN=$(openssl rand -hex 24)")];
	},
};

function settings({ options, env }: Facts): { readonly host: string; readonly port: number } {
	return serverSettings(addressOf(options), env);
}

/** The code of the failure, if there is one. */
function tryListening(host: string, port: number): Promise<string | undefined> {
	return new Promise((done) => {
		const server = createServer();
		server.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? "EUNKNOWN"));
		server.listen({ host, port, exclusive: true }, () => server.close(() => done(undefined)));
	});
}

async function isBurdock(url: string): Promise<boolean> {
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
		const info = (await response.json()) as { readonly name?: unknown } | null;
		return info?.name === "burdock";
	} catch {
		return false;
	}
}
