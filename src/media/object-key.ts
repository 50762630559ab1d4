import { mediaErrors } from "./errors.ts";

/** Words of lower-case letters and digits, joined by single dots or dashes. */
const KEY = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
const MIN_LENGTH = 3;
const MAX_LENGTH = 200;
/** Names that Windows keeps for devices, whatever follows behind a dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/**
 * Refuses what is not the key of an object, before it reaches a store.
 * @throws `bad_object_key`.
 */
export function checkObjectKey(key: string): void {
	if (!isObjectKey(key)) throw mediaErrors.create("bad_object_key", {});
}

/** Whether this may be the key of an object: a folder or a bucket may also hold what is no store's. */
export function isObjectKey(key: string): boolean {
	const { length } = key;
	const fits = length >= MIN_LENGTH && length <= MAX_LENGTH && KEY.test(key);
	return fits && !DEVICE.test(key);
}

/** An object of a file, or an image that was made of one. */
const OF_FILE = /^([0-9a-f]{32})(?:\..+)?$/;

/** The object of a file that an object is, or was made of; undefined of what is no file's. */
export function stemOf(key: string): string | undefined {
	return OF_FILE.exec(key)?.[1];
}

/** A key that nobody can guess, for a new object: 32 hexadecimal digits. */
export function newObjectKey(): string {
	return crypto.randomUUID().replaceAll("-", "");
}
