import { Event } from "../events/event.ts";
import type { App } from "./app.ts";

/** Which server, and which process of it. */
export interface ServerParams {
	readonly app: App;
	/** Where it answers: `http://127.0.0.1:1337`. */
	readonly url?: string;
	/** The number of the worker, from 1, in a process that is nothing else. */
	readonly worker?: number;
}

/**
 * A process that serves has built its app; nothing is answered yet. Requests wait for its listeners.
 */
export class ServerBootstrap extends Event<ServerParams> {
	static override slug = "server-bootstrap";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "server.bootstrap";
	}
}

/** The same in the main process, before it starts its workers. */
export class ServerMainBootstrap extends Event<ServerParams> {
	static override slug = "server-main-bootstrap";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "server.main.bootstrap";
	}
}

/** The same in a process that answers requests. */
export class ServerWorkerBootstrap extends Event<ServerParams> {
	static override slug = "server-worker-bootstrap";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "server.worker.bootstrap";
	}
}

/** The server answers, told in the main process: all of its workers do. */
export class ServerMainBootstrapDone extends Event<ServerParams> {
	static override slug = "server-main-bootstrap-done";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "server.main.bootstrap.done";
	}
}

/** The server answers, told in a process that answers requests. */
export class ServerWorkerBootstrapDone extends Event<ServerParams> {
	static override slug = "server-worker-bootstrap-done";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "server.worker.bootstrap.done";
	}
}

/** The server answers, told in every process. */
export class ServerBootstrapDone extends Event<ServerParams> {
	static override slug = "server-bootstrap-done";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "server.bootstrap.done";
	}
}

/**
 * A process that answers requests takes no more connections; those in flight are still answered.
 * The place to end responses that would go on and on.
 */
export class ServerWorkerShutdown extends Event<ServerParams> {
	static override slug = "server-worker-shutdown";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "server.worker.shutdown";
	}
}

/** The main process stops: no request is open any more, and its workers have ended. */
export class ServerMainShutdown extends Event<ServerParams> {
	static override slug = "server-main-shutdown";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "server.main.shutdown";
	}
}

/**
 * A process stops serving: no request of it is open any more. Deferred work follows, then `AppShutdown`.
 */
export class ServerShutdown extends Event<ServerParams> {
	static override slug = "server-shutdown";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "server.shutdown";
	}
}

declare module "../events/event-map.ts" {
	interface EventMap {
		"server-bootstrap": ServerBootstrap;
		"server-main-bootstrap": ServerMainBootstrap;
		"server-worker-bootstrap": ServerWorkerBootstrap;
		"server-main-bootstrap-done": ServerMainBootstrapDone;
		"server-worker-bootstrap-done": ServerWorkerBootstrapDone;
		"server-bootstrap-done": ServerBootstrapDone;
		"server-worker-shutdown": ServerWorkerShutdown;
		"server-main-shutdown": ServerMainShutdown;
		"server-shutdown": ServerShutdown;
	}
}
