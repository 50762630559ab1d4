import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");
/** What the snippets of a page may use without importing it. */
const SCOPE = `import { eq, sql } from "drizzle-orm";
import { AppError, AppEvents, DatabaseEvents, defineEvent, Event, InvalidEventReturn, type App } from "burdock";
declare const app: App;
`;
const SCHEMA = `import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const posts = sqliteTable("posts", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
	slug: text("slug").notNull().default(""),
	state: text("state", { enum: ["draft", "live"] }).notNull().default("live"),
});
`;
const SOURCES: Readonly<Record<string, string>> = {
	burdock: "src/index.node.ts",
	"burdock/client": "src/client/index.ts",
	"burdock/cloudflare": "src/runtime/cloudflare/index.ts",
	"burdock/data": "src/data/index.ts",
	"burdock/events": "src/events/index.ts",
	"burdock/events/redis": "src/events/bridge/redis.ts",
	"burdock/media": "src/index.media.ts",
	"burdock/media/fs": "src/media/adapters/fs.ts",
	"burdock/media/memory": "src/media/adapters/memory.ts",
	"burdock/media/r2": "src/media/adapters/r2.ts",
	"burdock/media/s3": "src/media/adapters/s3.ts",
	"burdock/otel": "src/otel/index.ts",
	"burdock/testing": "src/testing/index.ts",
};

/** The schema that the snippets of a page import as `./schema`. */
export interface SnippetSchema {
	readonly code: string;
	/** The tables that snippets may use without importing them. */
	readonly tables: readonly string[];
}

/** The TypeScript blocks of a page of the documentation. */
export function snippetsOf(page: string): readonly string[] {
	const text = readFileSync(join(ROOT, page), "utf8");
	return [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code as string);
}

/**
 * Writes snippets to a directory of their own, beside a schema, with imports that lead to the
 * sources; answers their files. A snippet that imports `burdock` stands alone, others get a scope.
 */
export function writeSnippets(
	snippets: readonly string[],
	schema: SnippetSchema = { code: SCHEMA, tables: ["posts"] },
): readonly string[] {
	mkdirSync(join(ROOT, ".burdock"), { recursive: true });
	const directory = mkdtempSync(join(ROOT, ".burdock", "snippets-"));
	onTestFinished(() => rmSync(directory, { recursive: true }));
	writeFileSync(join(directory, "schema.ts"), resolved(schema.code));
	const scope = `${SCOPE}import { ${schema.tables.join(", ")} } from "./schema";\n`;
	const config = {
		extends: join(ROOT, "tsconfig.node.json"),
		compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false },
		include: ["*.ts"],
		exclude: [],
	};
	writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config));
	return snippets.map((code, index) => {
		const file = join(directory, `snippet-${index}.ts`);
		const alone = /from "burdock"/.test(code);
		writeFileSync(file, resolved(alone ? code : scope + code));
		return file;
	});
}

/** What the compiler says of the snippets in the directory of these files; nothing when they are right. */
export function typeErrors([first]: readonly string[]): string {
	try {
		const tsc = join(ROOT, "node_modules/.bin/tsc");
		execFileSync(tsc, ["-p", join(first as string, "..")], { cwd: ROOT, stdio: "pipe" });
		return "";
	} catch (error) {
		const all = String((error as { stdout?: Buffer }).stdout);
		return all
			.split("\n")
			.filter((line) => line.includes("snippet-") || line.startsWith(" "))
			.join("\n");
	}
}

function resolved(code: string): string {
	return code
		.replace(/(from|declare module) "(burdock(?:\/\w+)*)"/g, (_, word: string, name: string) => {
			return `${word} "../../${SOURCES[name]}"`;
		})
		.replaceAll('from "./schema"', 'from "./schema.ts"');
}
