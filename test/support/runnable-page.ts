import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { build } from "esbuild";
import type { App } from "../../src/app/app.ts";
import type { Config } from "../../src/app/config.ts";
import type { SubscriberModule } from "../../src/app/subscriber-module.ts";
import type { LogFields, Logger } from "../../src/kernel/logger.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** What the blocks of a page may use without importing it, in one line. */
const SCOPE = [
	"AppError, AppEvents, createApp, DatabaseEvents, defineEvent, defineService, Event, EventManager",
	"InvalidEventReturn, listen, MediaEvents, NoParamEvent, type App, type ListenerContext, type Plugin",
].join(", ");
/** Opens apps with the copy of Burdock that the blocks are bundled with. */
const HOST = `import { createApp, defineConfig } from "burdock";
import { nodePlatform } from "burdock/node";
import * as schema from "./schema.ts";
export const open = (config, files, logger) => createApp(
	{ connection: { url: ":memory:" }, schema, ...config, events: { ...config.events, files } },
	nodePlatform({ env: {}, logger }),
);
`;

interface Host {
	open(config: Config, files: Readonly<Record<string, SubscriberModule>>, logger: Logger): App;
}

interface BlockModule extends Partial<SubscriberModule> {
	readonly default?: Config;
}

/** A TypeScript block of a page. */
export interface Block {
	/** The line on which it starts. */
	readonly line: number;
	/** The heading above it. */
	readonly section: string;
	readonly code: string;
	/** What the `text` block behind it says that it prints. */
	readonly output: string;
}

/** The TypeScript blocks of a page. */
export function blocksOf(text: string): readonly Block[] {
	const found = text.matchAll(/^```ts\n([^]*?)^```$(?:\n\n```text\n([^]*?)^```$)?/gm);
	return Array.from(found, ({ 1: code = "", 2: output = "", index }) => {
		const before = text.slice(0, index);
		const headings = before.match(/^#{2,} .+$/gm) ?? [];
		return { line: before.split("\n").length, section: headings.at(-1) ?? "", code, output };
	});
}

/**
 * The blocks of a page as programs. A block has an `app` of its own, with the tables of the block that
 * begins with `// schema.ts`; that the app has the config and the subscribers of blocks before it, if
 * they stand below the same heading.
 */
export class RunnablePage {
	readonly blocks: readonly Block[];
	readonly directory: string;
	#bundled: Promise<unknown> | undefined;

	constructor(path: string) {
		const blocks = blocksOf(readFileSync(join(ROOT, path), "utf8"));
		this.blocks = blocks.filter(({ code }) => !isSchema(code));
		mkdirSync(join(ROOT, ".burdock"), { recursive: true });
		this.directory = mkdtempSync(join(ROOT, ".burdock", "page-"));
		this.#write("schema.ts", blocks.find(({ code }) => isSchema(code))?.code ?? "");
		this.#write("host.ts", `// @ts-nocheck\n${HOST}`);
		this.#write("tsconfig.json", JSON.stringify(TSCONFIG));
		for (const block of this.blocks) {
			const alone = /from "burdock"/.test(block.code);
			const scope = `import { ${SCOPE} } from "burdock"; import * as schema from "./schema.ts"; declare const app: App;`;
			this.#write(`${nameOf(block)}.ts`, `${alone ? "" : scope}\n${block.code}\nexport {};\n`);
		}
	}

	/** Runs a block, and answers what it prints, in listeners that run later, too. */
	async run(block: Block): Promise<string> {
		const { open } = await this.#load<Host>("host");
		const lines: string[] = [];
		const { config, files } = await this.#setting(block);
		const log = { on: false };
		const app = open(config, files, printing(lines, log));
		const { log: printed } = console;
		const print = (...values: unknown[]) => void (log.on && lines.push(format(...values)));
		console.log = print;
		try {
			Object.assign(globalThis, { app });
			await app.build();
			await app.emgr.drain();
			log.on = true;
			const { default: own } = await this.#load<BlockModule>(nameOf(block));
			if (own !== undefined) await (await open(own, files, printing([], log)).build()).close();
			await app.emgr.drain();
			log.on = false;
			await app.close();
		} finally {
			console.log = printed;
			Reflect.deleteProperty(globalThis, "app");
		}
		return lines.map((line) => `${line}\n`).join("");
	}

	[Symbol.dispose](): void {
		rmSync(this.directory, { recursive: true });
	}

	/** The config and the subscribers of the blocks before one, below its heading. */
	async #setting({ line, section }: Block): Promise<{
		readonly config: Config;
		readonly files: Readonly<Record<string, SubscriberModule>>;
	}> {
		let config: Config = {};
		const files: Record<string, SubscriberModule> = {};
		for (const before of this.blocks) {
			if (before.section !== section || before.line >= line) continue;
			const [, file] = /^\/\/ subscribers\/(.+)\.ts\n/.exec(before.code) ?? [];
			if (file === undefined && !/^export default /m.test(before.code)) continue;
			const module = await this.#load<BlockModule>(nameOf(before));
			if (file !== undefined) files[file] = module as SubscriberModule;
			config = module.default ?? config;
		}
		return { config, files };
	}

	async #load<Module>(name: string): Promise<Module> {
		this.#bundled ??= this.#bundle();
		await this.#bundled;
		const url = pathToFileURL(join(this.directory, "out", `${name}.js`)).href;
		return (await import(/* @vite-ignore */ url)) as Module;
	}

	/** All at once, so that they share one copy of Burdock; decorators become calls. */
	async #bundle(): Promise<void> {
		await build({
			absWorkingDir: this.directory,
			entryPoints: ["host", ...this.blocks.map(nameOf)].map((name) => `${name}.ts`),
			outdir: "out",
			bundle: true,
			splitting: true,
			format: "esm",
			platform: "node",
			target: "node22",
			packages: "external",
			alias: { redis: join(import.meta.dirname, "redis-stand-in.ts") },
			logLevel: "error",
		});
	}

	#write(file: string, text: string): void {
		writeFileSync(join(this.directory, file), text);
	}
}

const TSCONFIG = {
	extends: join(ROOT, "tsconfig.node.json"),
	compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false },
	include: ["*.ts"],
	exclude: [],
};

function isSchema(code: string): boolean {
	return code.startsWith("// schema.ts\n");
}

function nameOf({ line }: Block): string {
	return `line-${line}`;
}

/** A logger that prints what listeners log, and what the app warns of. */
function printing(lines: string[], log: { readonly on: boolean }): Logger {
	const print =
		(level: string) =>
		(message: string, fields: LogFields = {}) => {
			if (!log.on) return;
			const told = Object.entries(fields).map(([key, value]) => {
				return ` ${key}=${value instanceof Error ? value.message : String(value)}`;
			});
			lines.push(`${level}: ${message}${told.join("")}`);
		};
	const root = { debug() {}, info() {}, warn: print("warn"), error: print("error") };
	const listeners: Logger = { ...root, info: print("info"), child: () => listeners };
	return { ...root, child: () => listeners };
}
