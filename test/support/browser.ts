import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
	"--headless=new",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-background-networking",
	"--no-first-run",
	"--remote-debugging-port=0",
];

/** Where Chromium is on this machine, if it is. */
export const CHROMIUM = [process.env["CHROMIUM"] ?? "", ...PLACES].find((path) => existsSync(path));

/** A page in a browser of its own. */
export interface BrowserPage {
	/** What the browser said in its console, violations of the page's policy among it. */
	readonly messages: readonly string[];
	/** Goes to a URL, and waits until it has loaded. */
	open(url: string): Promise<void>;
	/** Runs an expression in the page, and answers its value, awaited. */
	evaluate(expression: string): Promise<unknown>;
	/** Asks the browser for something of its protocol. */
	command(method: string, params?: object): Promise<unknown>;
}

interface Message {
	readonly id?: number;
	readonly method?: string;
	readonly params?: { readonly entry?: { readonly text: string }; readonly args?: unknown };
	readonly result?: unknown;
	readonly error?: { readonly message: string };
}

/** Starts a browser with an empty profile and one page; it ends with the test. */
export async function openBrowser(): Promise<BrowserPage> {
	const profile = mkdtempSync(join(tmpdir(), "burdock-browser-"));
	const browser = spawn(CHROMIUM as string, [...FLAGS, `--user-data-dir=${profile}`], {
		stdio: ["ignore", "ignore", "pipe"],
	});
	const ended = new Promise((resolve) => browser.once("exit", resolve));
	onTestFinished(async () => {
		browser.kill("SIGKILL");
		await ended;
		rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
	});
	const port = await new Promise<string>((resolve, reject) => {
		let text = "";
		browser.stderr.on("data", (chunk: Buffer) => {
			text += chunk.toString();
			const [, found] = /DevTools listening on ws:\/\/[^:]+:(\d+)\//.exec(text) ?? [];
			if (found) resolve(found);
		});
		browser.once("exit", () => reject(new Error(`Chromium did not start: ${text}`)));
	});
	const made = await fetch(`http://127.0.0.1:${port}/json/new`, { method: "PUT" });
	const { webSocketDebuggerUrl: url } = (await made.json()) as { webSocketDebuggerUrl: string };
	const session = new Session(url);
	await session.start();
	return session;
}

class Session implements BrowserPage {
	readonly messages: string[] = [];
	readonly #socket: WebSocket;
	readonly #waiting = new Map<number, (message: Message) => void>();
	readonly #loads: (() => void)[] = [];
	#last = 0;

	constructor(url: string) {
		this.#socket = new WebSocket(url);
	}

	async start(): Promise<void> {
		await new Promise((resolve) => {
			this.#socket.addEventListener("open", resolve);
		});
		this.#socket.addEventListener("message", ({ data }) => {
			this.#receive(JSON.parse(String(data)) as Message);
		});
		for (const domain of ["Page", "Runtime", "Log"]) await this.command(`${domain}.enable`);
	}

	async open(url: string): Promise<void> {
		const loaded = new Promise<void>((resolve) => {
			this.#loads.push(resolve);
		});
		await this.command("Page.navigate", { url });
		await loaded;
	}

	async evaluate(expression: string): Promise<unknown> {
		const { result, exceptionDetails } = (await this.command("Runtime.evaluate", {
			expression,
			awaitPromise: true,
			returnByValue: true,
		})) as { result: { value?: unknown }; exceptionDetails?: object };
		if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
		return result.value;
	}

	command(method: string, params: object = {}): Promise<unknown> {
		const id = ++this.#last;
		this.#socket.send(JSON.stringify({ id, method, params }));
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, ({ result, error }) => {
				if (error) reject(new Error(`${method}: ${error.message}`));
				else resolve(result);
			});
		});
	}

	#receive(message: Message): void {
		if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
		if (message.method === "Page.loadEventFired") this.#loads.shift()?.();
		if (message.method === "Log.entryAdded") this.messages.push(message.params?.entry?.text ?? "");
		if (
			message.method === "Runtime.consoleAPICalled" ||
			message.method === "Runtime.exceptionThrown"
		) {
			this.messages.push(JSON.stringify(message.params));
		}
	}
}
