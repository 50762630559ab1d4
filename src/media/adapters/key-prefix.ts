import { checkObjectKey, isObjectKey } from "../object-key.ts";

/** Folders of letters that mean the same in a key, in a URL and in a query; none begins with a dot. */
const PREFIX = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/;

/** What keys may begin with. */
const START = /^[a-z0-9.-]{0,200}$/;

/** Where in a bucket the objects of a store are: below a prefix, which may be empty. */
export class KeyPrefix {
	readonly text: string;

	/** @throws TypeError when it is neither empty nor made of names that each end in `/`. */
	constructor(text: string) {
		if (!PREFIX.test(text)) {
			throw new TypeError(`A prefix is empty or like "media/", and not ${JSON.stringify(text)}.`);
		}
		this.text = text;
	}

	/**
	 * The object's key in the bucket.
	 * @throws `bad_object_key`.
	 */
	add(key: string): string {
		checkObjectKey(key);
		return this.text + key;
	}

	/** What keys in the bucket begin with where those in the store do so; undefined when no key does. */
	addStart(start: string): string | undefined {
		return START.test(start) ? this.text + start : undefined;
	}

	/** The object's key in the store; undefined for what is not the store's. */
	remove(keyInBucket: string): string | undefined {
		if (!keyInBucket.startsWith(this.text)) return undefined;
		const key = keyInBucket.slice(this.text.length);
		return isObjectKey(key) ? key : undefined;
	}
}
