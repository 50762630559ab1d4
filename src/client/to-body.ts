/** JSON of what a client writes: bigints as text, bytes as base64. */
export function toBody(value: unknown): string {
	return JSON.stringify(value, function (this: Record<string, unknown>, key, item: unknown) {
		if (typeof item === "bigint") return String(item);
		// Node's Buffer has a JSON form of its own, which `item` already is.
		const raw = this[key];
		return raw instanceof Uint8Array ? toBase64(raw) : item;
	});
}

function toBase64(bytes: Uint8Array): string {
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
