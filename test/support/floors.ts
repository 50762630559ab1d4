/**
 * The floor table: what each folder of `src/` may import. The linter's import restrictions
 * (`scripts/lint-config.ts`) and `test/architecture.test.ts` are both made from this constant, so a
 * new folder, or a new edge between two, is one change here.
 */
export interface Floor {
	/** The folder, or the single file, under `src/`. The longest one that fits a file is its floor. */
	readonly path: string;
	/** Other floors it may import, values and types. Its own files are always allowed. */
	readonly floors: readonly string[];
	/** Floors, or single files, of which it may import types only. */
	readonly floorTypes?: readonly string[];
	/** Packages it may import at run time, their subpaths included; default: none. */
	readonly packages?: readonly string[] | "any";
	/** Packages of which it may import types only; default: none. */
	readonly packageTypes?: readonly string[] | "any";
	/** Whether it may use `node:` modules and Node's globals; default: Web APIs only. */
	readonly node?: true;
}

/** What every consumer of data stands on: floors 0 to 2. */
const DATA_AND_BELOW = ["kernel", "events", "data"] as const;

/** What a program on the roof may reach: the app, what it is made of, and the drivers it plugs in. */
const ROOF = [
	...DATA_AND_BELOW,
	"data/drivers",
	"delivery/brokers",
	"media/adapters",
	"app",
] as const;

const SERVER_AND_BELOW = [
	...DATA_AND_BELOW,
	"delivery",
	"auth",
	"media",
	"realtime",
	"jobs",
	"webhooks",
	"server",
] as const;

export const FLOORS: readonly Floor[] = [
	{ path: "kernel", floors: [] },
	{ path: "events", floors: ["kernel"] },
	{ path: "data", floors: ["kernel", "events"], packages: ["drizzle-orm"] },
	{
		path: "data/drivers",
		floors: ["kernel", "data"],
		packages: ["drizzle-orm"],
		packageTypes: "any",
	},

	{ path: "delivery", floors: DATA_AND_BELOW, packages: ["drizzle-orm"] },
	{ path: "delivery/brokers", floors: ["kernel", "delivery"], packageTypes: "any" },
	{ path: "auth", floors: DATA_AND_BELOW, packages: ["drizzle-orm"] },
	{ path: "media", floors: DATA_AND_BELOW, packages: ["drizzle-orm", "image-size"] },
	{ path: "media/adapters", floors: ["kernel", "media"], packageTypes: "any" },
	{ path: "media/adapters/fs.ts", floors: ["kernel", "media", "media/adapters"], node: true },

	{ path: "realtime", floors: [...DATA_AND_BELOW, "delivery"], floorTypes: ["auth"] },
	{ path: "jobs", floors: [...DATA_AND_BELOW, "delivery"], floorTypes: ["auth"] },
	{ path: "webhooks", floors: [...DATA_AND_BELOW, "delivery"], floorTypes: ["auth"] },

	{ path: "server", floors: SERVER_AND_BELOW, packages: ["hono", "multipasta"] },
	{ path: "app", floors: SERVER_AND_BELOW, packageTypes: ["hono", "drizzle-orm"] },

	{
		path: "runtime/node",
		floors: [...ROOF, "media", "media/adapters/fs.ts"],
		packages: "any",
		node: true,
	},
	{
		path: "runtime/cloudflare",
		floors: ROOF,
		packages: ["node:async_hooks"],
		packageTypes: "any",
	},
	{ path: "cli", floors: [...ROOF, "runtime/node"], packages: "any", node: true },
	{ path: "testing", floors: [...DATA_AND_BELOW, "media", "app"] },
	{ path: "otel", floors: ["kernel", "events"], packages: ["@opentelemetry/api"] },

	{ path: "client", floors: [], floorTypes: ["server/contract.ts"] },
	{ path: "admin", floors: ["client"], packages: "any" },
];

/** Files directly in `src/`: the front doors of the package. They may import anything but `node:`. */
export const FRONT_DOOR = /^index(\.[a-z]+)?\.ts$/;

/** Limits that fail the build; aim for 250 and 40. */
export const MAX_FILE_LINES = 400;
export const MAX_FUNCTION_LINES = 60;

/** Globals that exist on Node only. */
export const NODE_GLOBALS = [
	"process",
	"Buffer",
	"require",
	"module",
	"__dirname",
	"__filename",
	"global",
	"setImmediate",
	"clearImmediate",
] as const;

/** Folder names that say how a file is written, not what it is about. */
export const FORBIDDEN_FOLDERS: ReadonlySet<string> = new Set([
	"utils",
	"util",
	"helpers",
	"types",
	"interfaces",
	"enums",
	"classes",
	"constants",
	"common",
	"shared",
	"misc",
	"lib",
]);

/** The floor of a file, given by its path under `src/`; undefined for a front door or a stranger. */
export function floorOf(pathInSrc: string): Floor | undefined {
	let best: Floor | undefined;
	for (const floor of FLOORS) {
		const inside = pathInSrc === floor.path || pathInSrc.startsWith(`${floor.path}/`);
		if (inside && floor.path.length > (best?.path.length ?? 0)) best = floor;
	}
	return best;
}

/** The package of a bare import specifier: `drizzle-orm/sqlite-core` → `drizzle-orm`. */
export function packageOf(specifier: string): string {
	const segments = specifier.split("/");
	return segments.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The rooms of the data floor: each may import only those before it. */
export const DATA_ROOMS: readonly string[] = ["schema", "query", "read", "write", "migrate"];
