import fc from "fast-check";
import { DatabaseError } from "../../../src/data/database-error.ts";
import type { Database, SqlParameter, SqlValue } from "../../../src/data/database.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";

// Started by a test as a process of its own, because a native engine may abort its process.
const [seed = "1", runs = "5000"] = process.argv.slice(2);

class Custom extends Uint8Array {}

function detached(): Uint8Array {
	const bytes = Uint8Array.of(1, 2, 3);
	structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
	return bytes;
}

const CURIOSITIES: readonly unknown[] = [
	undefined,
	Symbol("a"),
	Symbol.iterator,
	() => 1,
	class {},
	new Date(Number.NaN),
	new Date(0),
	/a/,
	new Error("a"),
	new Map([[1, 2]]),
	new WeakSet(),
	Promise.resolve(1),
	new Proxy([], {}),
	new Proxy(new Uint8Array(1), {}),
	new Proxy(() => {}, {}),
	Object(1),
	Object("a"),
	Object(1n),
	Object(true),
	Object.create(null),
	Object.create(Uint8Array.prototype),
	Object.setPrototypeOf(new DataView(new ArrayBuffer(1)), Uint8Array.prototype),
	Object.setPrototypeOf(new Uint8Array([7]), null),
	new ArrayBuffer(3),
	new SharedArrayBuffer(3),
	new Uint8Array(new SharedArrayBuffer(3)),
	new Uint8Array(new ArrayBuffer(3, { maxByteLength: 9 })),
	new DataView(new ArrayBuffer(3)),
	detached(),
	Custom.of(1, 2),
	Buffer.from("bytes"),
	new Uint8ClampedArray([1]),
	globalThis,
	{ toString: () => "a" },
	{ valueOf: () => 1 },
	{ [Symbol.toPrimitive]: () => 1 },
	{ [Symbol.toStringTag]: "Uint8Array" },
];

const parameter = fc.oneof(
	fc.anything({
		withBigInt: true,
		withBoxedValues: true,
		withDate: true,
		withMap: true,
		withNullPrototype: true,
		withObjectString: true,
		withSet: true,
		withSparseArray: true,
		withTypedArray: true,
	}),
	fc.string({ unit: "binary" }),
	fc.string({ unit: "grapheme", minLength: 1 }),
	fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
	fc.double(),
	fc.integer(),
	fc.maxSafeInteger(),
	fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }),
	fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 2n }),
	fc.boolean(),
	fc.uint8Array(),
	fc.constantFrom(...CURIOSITIES),
);

/** What must come back for a value that was taken. */
function expected(value: unknown): SqlValue {
	if (typeof value === "boolean") return value ? 1 : 0;
	if (typeof value === "bigint") return BigInt.asIntN(54, value) === value ? toSafe(value) : value;
	if (typeof value === "number") return value === 0 ? 0 : value;
	return value as SqlValue;
}

function toSafe(value: bigint): SqlValue {
	return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function isSame(read: SqlValue | undefined, value: unknown): boolean {
	const wanted = expected(value);
	if (typeof wanted !== "object" || wanted === null) return Object.is(read, wanted);
	const bytes = Uint8Array.prototype.slice.call(wanted);
	return (
		read instanceof Uint8Array &&
		read.length === bytes.length &&
		read.every((byte, index) => byte === bytes[index])
	);
}

const counts = { taken: 0, refused: 0 };

/** True when the call refused its parameters; any other failure is thrown on. */
function refuses(call: () => unknown): boolean {
	try {
		call();
		return false;
	} catch (error) {
		if (error instanceof DatabaseError && error.code === "bad_parameter") return true;
		throw error;
	}
}

function check(database: Database, value: unknown): void {
	const params = [value] as readonly SqlParameter[];
	let selected: SqlValue | undefined;
	let stored: SqlValue | undefined;
	const refused = refuses(() => {
		const rows = database.all({ sql: "select ?", params }) as SqlValue[][];
		selected = rows[0]?.[0];
	});
	const refusedInBatch = refuses(() => {
		const results = database.batch([
			{ sql: "delete from t", params: [] },
			{ sql: "insert into t values (?) returning a", params },
		]) as SqlValue[][][];
		stored = results[1]?.[0]?.[0];
	});
	if (refused !== refusedInBatch) throw new Error("A batch and a statement disagree.");
	counts[refused ? "refused" : "taken"]++;
	if (refused) return;
	if (!isSame(selected, value) || !isSame(stored, value))
		throw new Error("Another value came back.");
}

const database = openDatabase({ url: ":memory:" });
await database.all({ sql: "create table t (a)", params: [] });
fc.assert(
	fc.property(parameter, (value) => check(database, value)),
	{ seed: Number(seed), numRuns: Number(runs) },
);
for (const value of CURIOSITIES) check(database, value);
await database.close();
process.stdout.write(JSON.stringify(counts));
