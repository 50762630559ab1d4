import {
	createServer,
	ServerResponse,
	type IncomingMessage,
	type OutgoingHttpHeader,
	type OutgoingHttpHeaders,
	type Server,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { Maybe } from "../../kernel/maybe.ts";
import { listenError } from "./listen-error.ts";
import { ResponseContext } from "./response-context.ts";
import { SlowRequests } from "./slow-requests.ts";

/** Answers a request; `env` holds Node's own request and response. */
export type FetchHandler = (
	request: Request,
	env: HttpBindings,
	context: ResponseContext,
) => Maybe<Response>;

/** Where to listen. */
export interface ListenOptions {
	/** 0 for any that is free. */
	readonly port: number;
	readonly host: string;
}

/** Limits of HTTP itself; malformed and oversized messages are answered by Node (400, 408, 431). */
const LIMITS = {
	/** Bytes of a request's line and headers. */
	maxHeaderSize: 16 * 1024,
	/** Milliseconds until the headers must have come. */
	headersTimeout: 20_000,
	/** None: how long a large file takes is up to the line. `SlowRequests` ends those that crawl. */
	requestTimeout: 0,
	/** Longer than proxies keep an idle connection, so that they never use one that was just closed. */
	keepAliveTimeout: 65_000,
} as const;

type Head = OutgoingHttpHeaders | OutgoingHttpHeader[];

/** How often a closing listener looks for connections that have become idle, in milliseconds. */
const SWEEP_MS = 25;
/** How often requests are looked at whose body has not come yet, in milliseconds. */
const SLOW_EVERY_MS = 5_000;

/**
 * An HTTP server that can stop without dropping anybody: once closing, it accepts no connection,
 * closes the idle ones, and ends each of the others with the response that is being made.
 */
export class HttpListener {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	/** The answer to the last request that has come on each. */
	readonly #asked = new WeakMap<Socket, ServerResponse>();
	readonly #slow = new SlowRequests(() => performance.now());
	#closing = false;

	constructor(handler: FetchHandler) {
		const listener = getRequestListener((request, env) => {
			const bindings = env as HttpBindings;
			return handler(request, bindings, new ResponseContext(bindings.incoming, bindings.outgoing));
		});
		const server = createServer({ ...LIMITS, ServerResponse: this.#responseClass() }, listener);
		server.on("connection", (socket) => {
			this.#sockets.add(socket);
			socket.once("close", () => this.#sockets.delete(socket));
		});
		server.on("request", ({ socket }: IncomingMessage, outgoing: ServerResponse) => {
			this.#asked.set(socket, outgoing);
		});
		const watch = setInterval(() => this.#endSlow(), SLOW_EVERY_MS).unref();
		server.once("close", () => clearInterval(watch));
		this.#server = server;
	}

	/**
	 * Starts to accept connections; resolves to the port.
	 * @throws AppError `port_taken`, `port_forbidden`, `host_invalid`, `listen_failed`.
	 */
	listen({ port, host }: ListenOptions): Promise<number> {
		return new Promise((resolve, reject) => {
			const fail = (error: Error): void => reject(listenError(error, { port, host }));
			this.#server.once("error", fail);
			this.#server.listen({ port, host }, () => {
				this.#server.off("error", fail);
				resolve((this.#server.address() as AddressInfo).port);
			});
		});
	}

	/**
	 * Stops accepting and waits for the requests in flight, `timeout` milliseconds at most; resolves
	 * to the number of connections that were cut then.
	 */
	async close(timeout: number): Promise<number> {
		this.#closing = true;
		if (!this.#server.listening) return 0;
		const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
		const silent = [...this.#sockets].filter((socket) => this.#isSilent(socket));
		const sweep = setInterval(() => {
			this.#server.closeIdleConnections();
			// Node takes a connection on which nothing was ever said for a busy one.
			for (const socket of silent) if (this.#isSilent(socket)) socket.destroy();
		}, SWEEP_MS);
		const cut = await this.#cutAfter(timeout, closed);
		clearInterval(sweep);
		// The responses that were cut off tell their requests so.
		await new Promise((resolve) => setImmediate(resolve));
		return cut;
	}

	#endSlow(): void {
		for (const socket of this.#sockets) {
			const outgoing = this.#asked.get(socket);
			if (outgoing && this.#slow.look(outgoing.req) === "too_slow") endRequest(outgoing);
		}
	}

	/** Nothing was ever said on it; Bun counts no bytes, so that a request has to count as well. */
	#isSilent(socket: Socket): boolean {
		return socket.bytesRead === 0 && !this.#asked.has(socket);
	}

	async #cutAfter(timeout: number, closed: Promise<void>): Promise<number> {
		let cut = 0;
		const timer = setTimeout(() => {
			cut = this.#sockets.size;
			this.#server.closeAllConnections();
		}, timeout);
		await closed;
		clearTimeout(timer);
		return cut;
	}

	/** Responses that say `connection: close` once the listener is closing. */
	#responseClass(): typeof ServerResponse<IncomingMessage> {
		const isClosing = (): boolean => this.#closing;
		return class extends ServerResponse<IncomingMessage> {
			override writeHead(status: number, reason?: Head | string, headers?: Head): this {
				if (isClosing()) this.shouldKeepAlive = false;
				return super.writeHead(status, reason as string, headers);
			}
		};
	}
}

/** As Node ends a request that takes too long. */
function endRequest({ headersSent, req: { socket } }: ServerResponse): void {
	if (!headersSent && socket.writable) {
		socket.write("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
	}
	socket.destroy();
}
