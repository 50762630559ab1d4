import { isPlainObject } from "../../kernel/json.ts";
import { FORMAT_VERSION, type EndLine, type HeaderLine, type RowLine } from "./transfer-format.ts";

/** What a line says, or what is wrong with it. */
export type ParsedLine =
	| { readonly kind: "header"; readonly header: HeaderLine }
	| { readonly kind: "row"; readonly row: RowLine }
	| { readonly kind: "end"; readonly end: EndLine }
	| { readonly kind: "empty" }
	| { readonly kind: "fault"; readonly reason: string };

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the bytes of a line. */
export function parseLine(bytes: Uint8Array): ParsedLine {
	const value = jsonOf(bytes);
	if (value === undefined) return fault("It is not JSON in UTF-8.");
	if (value === "") return { kind: "empty" };
	if (!isPlainObject(value)) return fault("It is not a JSON object.");
	if (value["burdock"] === "export") return headerOf(value);
	if (value["burdock"] === "end") return endOf(value);
	const { entity, row } = value;
	if (typeof entity !== "string") return fault("It names no entity.");
	if (!isPlainObject(row)) return fault("Its row is not an object of fields.");
	return { kind: "row", row: { entity, row } };
}

/** The value; "" of a line without one, undefined of one that is broken. */
function jsonOf(bytes: Uint8Array): unknown {
	try {
		const text = decoder.decode(bytes);
		return text.trim() === "" ? "" : JSON.parse(text);
	} catch {
		return undefined;
	}
}

function headerOf(value: Record<string, unknown>): ParsedLine {
	const { version, schema, entities } = value;
	if (version !== FORMAT_VERSION) {
		return fault(
			`Its format has the version ${String(version)}; this Burdock reads ${FORMAT_VERSION}.`,
		);
	}
	const names = Array.isArray(entities) ? entities.filter((name) => typeof name === "string") : [];
	const header: HeaderLine = {
		burdock: "export",
		version,
		schema: typeof schema === "string" ? schema : "",
		entities: names,
	};
	return { kind: "header", header };
}

function endOf({ rows, sequences }: Record<string, unknown>): ParsedLine {
	const known: Record<string, number> = {};
	for (const [name, value] of Object.entries(isPlainObject(sequences) ? sequences : {})) {
		if (Number.isSafeInteger(value)) known[name] = value as number;
	}
	return {
		kind: "end",
		end: { burdock: "end", rows: typeof rows === "number" ? rows : -1, sequences: known },
	};
}

function fault(reason: string): ParsedLine {
	return { kind: "fault", reason };
}
