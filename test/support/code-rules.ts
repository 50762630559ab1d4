import { posix } from "node:path";
import {
	FORBIDDEN_FOLDERS,
	MAX_FILE_LINES,
	MAX_FUNCTION_LINES,
	NODE_GLOBALS,
	floorOf,
} from "./floors.ts";
import type { Violation } from "./import-rules.ts";
import { children, declaredNames, nodes, textOf, walk, type Node, type Source } from "./source.ts";

type Report = (rule: string, at: Node | number, message: string) => void;
type Check = (source: Source, report: Report) => void;

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const GLOBALS: ReadonlySet<string> = new Set(NODE_GLOBALS);

/** Checks what one file may contain, how long it may be, and what it may be called. */
export function checkCode(source: Source): readonly Violation[] {
	const found: Violation[] = [];
	for (const check of CHECKS) {
		check(source, (rule, at, message) => {
			const line = typeof at === "number" ? at : source.lineAt(at.start);
			found.push({ path: source.path, line, rule, message });
		});
	}
	return found;
}

const checkSyntax: Check = (source, report) => {
	walk(source.program, (node, ancestors) => {
		switch (node.type) {
			case "FunctionDeclaration":
			case "FunctionExpression":
				if (node["generator"] === true && isMadePerCall(ancestors)) {
					report(
						"no-inner-generator",
						node,
						"its hidden class outlives each call: declare it once",
					);
				}
				return;
			case "ExportDefaultDeclaration":
				return report("no-default-export", node, "export it by name");
			case "ExportAllDeclaration":
				return report("no-export-star", node, "export names one by one");
			case "TSAnyKeyword":
				return report("no-any", node, "use unknown, or a type parameter");
			case "TSEnumDeclaration":
				return report("no-enum", node, "use a union of literals");
			case "CallExpression":
			case "NewExpression":
				if (["eval", "Function"].includes(textOf(node["callee"]))) {
					report("no-eval", node, "code is never made from text");
				}
				return;
			default:
				return;
		}
	});
};

/** Whether a function with these ancestors is another one each time; methods are made with their class. */
function isMadePerCall(ancestors: readonly Node[]): boolean {
	return ancestors.some(({ type }) => FUNCTIONS.has(type));
}

const checkModuleState: Check = (source, report) => {
	for (const statement of children(source.program)) {
		const declaration =
			statement.type === "ExportNamedDeclaration" ? nodes(statement["declaration"])[0] : statement;
		if (declaration?.type !== "VariableDeclaration" || declaration["kind"] === "const") continue;
		const names = declaredNames(declaration).join(", ");
		report("no-module-state", declaration, `${names}: state lives in an object, not in a module`);
	}
};

const checkNodeGlobals: Check = (source, report) => {
	if (floorOf(source.path.slice("src/".length))?.node) return;
	const local = new Set<string>();
	const used: Node[] = [];
	walk(source.program, (node, ancestors) => {
		if (node.type !== "Identifier" || !GLOBALS.has(textOf(node))) return;
		const parent = ancestors.at(-1);
		if (!parent || isPropertyName(node, parent)) return;
		if (isBinding(node, parent)) local.add(textOf(node));
		else used.push(node);
	});
	for (const node of used) {
		if (!local.has(textOf(node)))
			report("node-places", node, `${textOf(node)} exists on Node only`);
	}
};

function isPropertyName(node: Node, parent: Node): boolean {
	if (parent["computed"] === true) return false;
	if (parent.type === "MemberExpression") {
		return parent["property"] === node && textOf(parent["object"]) !== "globalThis";
	}
	if (parent.type === "Property" && parent["shorthand"] === true) return false;
	return parent["key"] === node || parent.type === "TSQualifiedName";
}

function isBinding(node: Node, parent: Node): boolean {
	return (
		parent["id"] === node ||
		nodes(parent["params"]).includes(node) ||
		parent["local"] === node ||
		(parent.type === "AssignmentPattern" && parent["left"] === node)
	);
}

/** A boolean at a call site says nothing: `save(post, true)`. An option has a name. */
const checkBooleanParameters: Check = (source, report) => {
	const exported = new Set(source.exports().map(({ name }) => name));
	for (const statement of children(source.program)) {
		const declaration = nodes(statement["declaration"])[0] ?? statement;
		if (!declaredNames(declaration).some((name) => exported.has(name))) continue;
		for (const { name, callable } of publicCallables(declaration)) {
			for (const parameter of nodes(callable["params"])) {
				if (!isBoolean(parameter)) continue;
				report("no-boolean-parameters", parameter, `${name} takes a bare boolean`);
			}
		}
	}
};

interface Callable {
	readonly name: string;
	readonly callable: Node;
}

function publicCallables(declaration: Node): readonly Callable[] {
	const name = textOf(declaration["id"]);
	switch (declaration.type) {
		case "FunctionDeclaration":
		case "TSDeclareFunction":
			return [{ name, callable: declaration }];
		case "VariableDeclaration":
			return nodes(declaration["declarations"]).flatMap((declarator) =>
				nodes(declarator["init"])
					.filter(({ type }) => FUNCTIONS.has(type))
					.map((callable) => ({ name: textOf(declarator["id"]), callable })),
			);
		case "ClassDeclaration":
		case "TSInterfaceDeclaration":
			return nodes(nodes(declaration["body"])[0]?.["body"]).flatMap((member) =>
				publicMember(name, member),
			);
		default:
			return [];
	}
}

function publicMember(owner: string, member: Node): readonly Callable[] {
	const key = textOf(member["key"]);
	const hidden =
		key.startsWith("#") || ["private", "protected"].includes(String(member["accessibility"]));
	if (hidden || member["kind"] === "set") return [];
	const name = `${owner}.${key}`;
	if (member.type === "TSMethodSignature") return [{ name, callable: member }];
	return nodes(member["value"])
		.filter(({ type }) => FUNCTIONS.has(type) || type === "TSEmptyBodyFunctionExpression")
		.map((callable) => ({ name, callable }));
}

function isBoolean(parameter: Node): boolean {
	const target = parameter.type === "AssignmentPattern" ? nodes(parameter["left"])[0] : parameter;
	const right = nodes(parameter["right"])[0];
	if (typeof right?.["value"] === "boolean") return true;
	const annotation = nodes(nodes(target?.["typeAnnotation"])[0]?.["typeAnnotation"])[0];
	const options =
		annotation?.type === "TSUnionType" ? nodes(annotation["types"]) : nodes(annotation);
	return options.some(
		(option) =>
			option.type === "TSBooleanKeyword" ||
			(option.type === "TSLiteralType" &&
				typeof nodes(option["literal"])[0]?.["value"] === "boolean"),
	);
}

const checkSizes: Check = (source, report) => {
	if (source.lines > MAX_FILE_LINES) {
		report("file-size", MAX_FILE_LINES, `${source.lines} lines, at most ${MAX_FILE_LINES}`);
	}
	walk(source.program, (node, ancestors) => {
		if (!FUNCTIONS.has(node.type)) return;
		const lines = source.lineAt(node.end - 1) - source.lineAt(node.start) + 1;
		if (lines <= MAX_FUNCTION_LINES) return;
		const parent = ancestors.at(-1);
		const name = textOf(node["id"]) || textOf(parent?.["key"]) || textOf(parent?.["id"]);
		report("function-size", node, `${name} has ${lines} lines, at most ${MAX_FUNCTION_LINES}`);
	});
};

const checkNames: Check = (source, report) => {
	const folders = posix.dirname(source.path).split("/");
	for (const folder of folders.filter((name) => FORBIDDEN_FOLDERS.has(name))) {
		report("folder-names", 1, `${folder}/ says how, not what: name the folder after its noun`);
	}
	const file = posix.basename(source.path, ".ts");
	if (/^index(\.[a-z]+)?$/.test(file)) return;
	if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(file)) {
		return report("file-names", 1, `${file}.ts is not kebab-case`);
	}
	if (!hasMainExport(source)) return;
	const names = source.exports().map(({ name }) => name);
	if (names.some((name) => isNamedAfter(file, name))) return;
	report("file-names", 1, `${file}.ts exports nothing of that name: ${names.join(", ")}`);
};

/** A class, or the only value. Without one a file holds a family, and is named after its topic. */
function hasMainExport(source: Source): boolean {
	const values = source.exports().filter(({ typeOnly }) => !typeOnly);
	const classes = children(source.program).filter(
		(statement) => nodes(statement["declaration"])[0]?.type === "ClassDeclaration",
	);
	return values.length === 1 || classes.length === 1;
}

/** Whether the words of the file's name stand in an export's: `error.ts` and `AppError`. */
function isNamedAfter(file: string, exportedName: string): boolean {
	const wanted = file.replaceAll("-", "");
	const words = exportedName
		.replace(/([a-z0-9])([A-Z])/g, "$1 $2")
		.replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
		.toLowerCase()
		.split(/[ _$]+/);
	return words.some((_, start) =>
		words.some((__, end) => words.slice(start, end + 1).join("") === wanted),
	);
}

const CHECKS: readonly Check[] = [
	checkSyntax,
	checkModuleState,
	checkNodeGlobals,
	checkBooleanParameters,
	checkSizes,
	checkNames,
];
