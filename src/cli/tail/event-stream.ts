import { isPlainObject } from "../../kernel/json.ts";
import type { TailLine } from "../../events/tailed-event.ts";
import { CliError } from "../cli-error.ts";
import type { ExitName } from "../exit-codes.ts";
import { readLines } from "../transfer/read-lines.ts";

/** Where the events come from. */
export interface StreamAddress {
	/** The server, with its base path unless that is `/api`. */
	readonly url: string;
	readonly glob: string | undefined;
	readonly token: string | undefined;
}

/** The server does not answer right now; it may do so again. */
export class Unreachable extends CliError {}

/**
 * Opens the stream of a running server. It has begun once this resolves: no later event is missed.
 *
 * @throws Unreachable, CliError.
 */
export async function openEventStream(
	{ url, glob, token }: StreamAddress,
	signal: AbortSignal,
): Promise<AsyncIterable<TailLine>> {
	const address = addressOf(url);
	if (glob !== undefined) address.searchParams.set("ref", glob);
	const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
	const response = await fetch(address, { headers, signal, redirect: "error" }).catch((cause) => {
		signal.throwIfAborted();
		throw new Unreachable(`No server answers at ${address.origin}.`, {
			hint: "Is it running? burdock start; --url names another one.",
			cause,
		});
	});
	const { body } = response;
	if (!response.ok) throw await refusal(response, address);
	if (body === null || response.headers.get("content-type") !== "application/x-ndjson") {
		throw notThere(address);
	}
	const lines = readLines(body);
	// The first line is blank, and says that the server listens.
	await lines.next();
	return parsed(lines);
}

async function* parsed(lines: ReturnType<typeof readLines>): AsyncGenerator<TailLine> {
	for await (const { bytes, whole } of lines) {
		if (whole && bytes.length > 1) yield JSON.parse(bytes.toString()) as TailLine;
	}
}

/** @throws CliError when it is no address of a server. */
function addressOf(url: string): URL {
	const address = URL.canParse(url) ? new URL(url) : undefined;
	if (address === undefined || !/^https?:$/.test(address.protocol)) {
		throw new CliError(`--url cannot be "${url}".`, {
			exit: "usage",
			hint: "Write: --url http://127.0.0.1:1337",
		});
	}
	const base = address.pathname.replace(/\/+$/, "");
	address.pathname = `${base === "" ? "/api" : base}/system/events`;
	address.search = "";
	return address;
}

const HINTS: Readonly<Record<number, { readonly hint: string; readonly exit?: ExitName }>> = {
	400: { hint: "burdock events '*' shows all events.", exit: "usage" },
	401: { hint: "Set BURDOCK_TOKEN to the server's token." },
	403: { hint: "Ask on the server's machine, or set BURDOCK_TOKEN to its token." },
	422: { hint: "events.policy of the server's config decides that." },
};

async function refusal(response: Response, address: URL): Promise<CliError> {
	const { status } = response;
	const problem: unknown = await response.json().catch(() => undefined);
	if (!isPlainObject(problem) || typeof problem["detail"] !== "string") return notThere(address);
	if (status === 404) return notThere(address);
	if (status === 503) return new Unreachable(problem["detail"], { hint: "Try again." });
	const [fault] = Array.isArray(problem["errors"]) ? (problem["errors"] as unknown[]) : [];
	const message =
		isPlainObject(fault) && typeof fault["message"] === "string"
			? fault["message"]
			: problem["detail"];
	return new CliError(message, HINTS[status] ?? { hint: `The server answered ${status}.` });
}

function notThere({ origin, pathname }: URL): CliError {
	return new CliError(`${origin} has no events at ${pathname}.`, {
		hint: "Is it another program? --url takes the server's base path along: http://host/v1",
	});
}
