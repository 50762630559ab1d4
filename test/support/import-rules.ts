import { posix } from "node:path";
import { FLOORS, FRONT_DOOR, floorOf, packageOf, type Floor } from "./floors.ts";
import type { Import, Source } from "./source.ts";

/** One broken rule: `src/data/entity.ts:12 imports-downward: …`. */
export interface Violation {
	readonly path: string;
	readonly line: number;
	readonly rule: string;
	readonly message: string;
}

/** Checks each import of each file against the floor table, and that no files import in a circle. */
export function checkImports(sources: readonly Source[]): readonly Violation[] {
	const paths = new Set(sources.map(({ path }) => path));
	return [...sources.flatMap((source) => checkFile(source, paths)), ...checkCycles(sources)];
}

function checkFile(source: Source, paths: ReadonlySet<string>): readonly Violation[] {
	const inSrc = source.path.slice("src/".length);
	const frontDoor = FRONT_DOOR.test(inSrc);
	const floor = floorOf(inSrc);
	if (!floor && !frontDoor) {
		const known = FLOORS.map(({ path }) => path).join(", ");
		const message = `no floor has this file; the floors are ${known}`;
		return [{ path: source.path, line: 1, rule: "known-floor", message }];
	}
	return source.imports().flatMap((one) => {
		const fault = one.specifier.startsWith(".")
			? relativeFault(source.path, floor, one, paths)
			: packageFault(floor, one);
		return fault ? [{ path: source.path, line: one.line, ...fault }] : [];
	});
}

type Fault = Pick<Violation, "rule" | "message"> | undefined;

function relativeFault(
	path: string,
	floor: Floor | undefined,
	{ specifier, typeOnly }: Import,
	paths: ReadonlySet<string>,
): Fault {
	const target = posix.join(posix.dirname(path), specifier);
	if (!paths.has(target))
		return { rule: "resolvable", message: `${specifier} is not a file of src` };
	const inSrc = target.slice("src/".length);
	if (FRONT_DOOR.test(inSrc)) {
		return { rule: "imports-downward", message: `nothing in src imports a front door (${inSrc})` };
	}
	const above = floorOf(inSrc);
	if (!floor || !above || above === floor || floor.floors.includes(above.path)) return undefined;
	const types = floor.floorTypes?.some((one) => one === above.path || one === inSrc) ?? false;
	if (types && typeOnly) return undefined;
	const what = types ? "only types of" : "nothing of";
	return {
		rule: "imports-downward",
		message: `${floor.path} imports ${what} ${above.path} (${inSrc})`,
	};
}

function packageFault(floor: Floor | undefined, { specifier, typeOnly }: Import): Fault {
	const name = packageOf(specifier);
	if (name.startsWith("node:")) {
		if (floor?.node || floor?.packages?.includes(specifier)) return undefined;
		return { rule: "node-places", message: `${specifier} is not allowed here` };
	}
	if (!floor) return undefined;
	const { packages = [], packageTypes = [] } = floor;
	if (packages === "any" || packages.includes(name)) return undefined;
	const types = packageTypes === "any" || packageTypes.includes(name);
	if (types && typeOnly) return undefined;
	const what = types ? `only types of ${name}` : `nothing of ${name}`;
	return { rule: "packages", message: `${floor.path} imports ${what}` };
}

/** Finds circles by depth-first search; each is reported once, at the import that closes it. */
function checkCycles(sources: readonly Source[]): readonly Violation[] {
	const byPath = new Map(sources.map((source) => [source.path, source]));
	const finished = new Set<string>();
	const trail: string[] = [];
	const found: Violation[] = [];
	const visit = (source: Source): void => {
		trail.push(source.path);
		for (const { specifier, line } of source.imports()) {
			if (!specifier.startsWith(".")) continue;
			const target = byPath.get(posix.join(posix.dirname(source.path), specifier));
			if (!target || finished.has(target.path)) continue;
			const start = trail.indexOf(target.path);
			if (start < 0) visit(target);
			else {
				const message = [...trail.slice(start), target.path].join(" → ");
				found.push({ path: source.path, line, rule: "no-cycles", message });
			}
		}
		trail.pop();
		finished.add(source.path);
	};
	for (const source of sources) if (!finished.has(source.path)) visit(source);
	return found;
}
