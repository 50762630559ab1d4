import { parseSync } from "oxc-parser";

/** A node of the syntax tree, as far as the rules look at it. */
export interface Node {
	readonly type: string;
	readonly start: number;
	readonly end: number;
	readonly [key: string]: unknown;
}

/** One import of a file, in whatever form it is written. */
export interface Import {
	readonly specifier: string;
	/** Whether nothing of it is left at run time. */
	readonly typeOnly: boolean;
	/** Whether it loads later, when an `import()` is reached. */
	readonly dynamic: boolean;
	readonly line: number;
}

/** One name that a file exports. */
export interface ExportedName {
	readonly name: string;
	readonly typeOnly: boolean;
}

/** A parsed TypeScript file: its tree, its imports, its exports. */
export class Source {
	readonly path: string;
	readonly text: string;
	readonly program: Node;
	readonly #lineStarts: readonly number[];

	/** `path` is relative to the repository; throws when the text is not TypeScript. */
	constructor(path: string, text: string) {
		this.path = path;
		this.text = text;
		const { program, errors } = parseSync(path, text);
		if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
		this.program = program as unknown as Node;
		this.#lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
	}

	/** How many lines the file has. */
	get lines(): number {
		return this.text.endsWith("\n") ? this.#lineStarts.length - 1 : this.#lineStarts.length;
	}

	/** The line, from 1, of an offset in the text. */
	lineAt(offset: number): number {
		let low = 0;
		let high = this.#lineStarts.length;
		while (high - low > 1) {
			const middle = (low + high) >> 1;
			if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
			else high = middle;
		}
		return low + 1;
	}

	/** Every import: static, re-exporting, dynamic with a literal, and `import("…")` in a type. */
	imports(): readonly Import[] {
		const found: Import[] = [];
		walk(this.program, (node) => {
			const specifier = importedFrom(node);
			if (specifier === undefined) return;
			found.push({
				specifier,
				typeOnly: isTypeOnly(node),
				dynamic: node.type === "ImportExpression",
				line: this.lineAt(node.start),
			});
		});
		return found;
	}

	/** Every exported name, in the order of the file. `export *` and defaults are not among them. */
	exports(): readonly ExportedName[] {
		const found: ExportedName[] = [];
		for (const node of children(this.program)) {
			if (node.type !== "ExportNamedDeclaration") continue;
			const typeOnly = node["exportKind"] === "type";
			for (const specifier of nodes(node["specifiers"])) {
				const name = textOf(specifier["exported"]);
				found.push({ name, typeOnly: typeOnly || specifier["exportKind"] === "type" });
			}
			for (const name of declaredNames(node["declaration"])) found.push({ name, typeOnly });
		}
		return found;
	}
}

/** Calls `visit` for a node and all below it, parents first, with the chain of ancestors. */
export function walk(
	node: Node,
	visit: (node: Node, ancestors: readonly Node[]) => void,
	ancestors: readonly Node[] = [],
): void {
	visit(node, ancestors);
	const chain = [...ancestors, node];
	for (const child of children(node)) walk(child, visit, chain);
}

/** The nodes directly below one. */
export function children(node: Node): readonly Node[] {
	return Object.values(node).flatMap(nodes);
}

/** A field's value as a list of nodes: none, one or many. */
export function nodes(value: unknown): readonly Node[] {
	return (Array.isArray(value) ? value : [value]).filter(isNode);
}

/** The name of an identifier, private ones with their `#`, or the value of a literal. */
export function textOf(value: unknown): string {
	if (!isNode(value)) return "";
	const named = value["name"] ?? value["value"];
	const text = typeof named === "string" ? named : "";
	return value.type === "PrivateIdentifier" ? `#${text}` : text;
}

/** The names that a declaration binds; destructuring is not looked into. */
export function declaredNames(declaration: unknown): readonly string[] {
	return nodes(declaration).flatMap((node) =>
		node.type === "VariableDeclaration"
			? nodes(node["declarations"]).map((declarator) => textOf(declarator["id"]))
			: [textOf(node["id"])],
	);
}

function isNode(value: unknown): value is Node {
	return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function importedFrom(node: Node): string | undefined {
	switch (node.type) {
		case "ImportDeclaration":
		case "ExportNamedDeclaration":
		case "ExportAllDeclaration":
		case "ImportExpression":
		case "TSImportType": {
			const source = nodes(node["source"] ?? node["argument"])[0];
			const literal = source?.type === "TSLiteralType" ? nodes(source["literal"])[0] : source;
			return literal?.type === "Literal" ? textOf(literal) : undefined;
		}
		default:
			return undefined;
	}
}

function isTypeOnly(node: Node): boolean {
	if (node.type === "TSImportType") return true;
	if (node["importKind"] === "type" || node["exportKind"] === "type") return true;
	const specifiers = nodes(node["specifiers"]);
	return (
		specifiers.length > 0 &&
		specifiers.every((one) => one["importKind"] === "type" || one["exportKind"] === "type")
	);
}
