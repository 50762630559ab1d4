/** Bytes as hexadecimal digits, as SQLite's `unhex` takes them. */
export function toHex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
	return text;
}
