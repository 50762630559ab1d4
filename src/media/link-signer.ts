import { mediaErrors } from "./errors.ts";
import type { MediaRow } from "./media.ts";

/** Seconds that a link may last: a week, as long as stores sign theirs for. */
export const MAX_LINK_SECONDS = 604_800;

const HMAC = { name: "HMAC", hash: "SHA-256" };
/** Tells these signatures from others that may be made with the same secret. */
const PURPOSE = "burdock media link\n";
const SIGNATURE = /^[\w-]{43}$/;
const SECONDS = /^\d{1,12}$/;

/** What a link leads to: a file of this name, and no other that gets the name when this one is gone. */
export type LinkedFile = Pick<MediaRow, "id" | "key">;

/** What a signed link adds to the path of a file. */
export interface LinkSignature {
	/** Seconds since 1970 at which it ends. */
	readonly expires: string;
	/** HMAC-SHA-256 of the file and the end, in base64url. */
	readonly signature: string;
}

/** `CryptoKey`, which not every runtime's types name. */
type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** Signs links that end, and tells whether one was signed here. */
export class LinkSigner {
	readonly #secret: () => string | undefined;
	readonly #now: () => number;
	#known: { readonly text: string; readonly key: HmacKey } | undefined;

	/**
	 * @param secret Asked for each link; settings may belong to a request.
	 * @param now Milliseconds.
	 */
	constructor(secret: () => string | undefined, now: () => number) {
		this.#secret = secret;
		this.#now = now;
	}

	/** @param expiresIn Seconds. @throws `no_link_secret`. */
	async sign(file: LinkedFile, expiresIn: number): Promise<LinkSignature> {
		const key = await this.#key();
		if (!key) throw mediaErrors.create("no_link_secret", {});
		const expires = String(Math.floor(this.#now() / 1000) + expiresIn);
		const signed = await crypto.subtle.sign("HMAC", key, content(file, expires));
		const signature = btoa(String.fromCharCode(...new Uint8Array(signed)))
			.replaceAll("+", "-")
			.replaceAll("/", "_")
			.replace(/=+$/, "");
		return { expires, signature };
	}

	/** Whether it was signed here, and has not ended. */
	async verify(file: LinkedFile, { expires, signature }: LinkSignature): Promise<boolean> {
		if (!SECONDS.test(expires) || !SIGNATURE.test(signature)) return false;
		if (Number(expires) * 1000 <= this.#now()) return false;
		const key = await this.#key();
		if (!key) return false;
		const bytes = Uint8Array.from(
			atob(signature.replaceAll("-", "+").replaceAll("_", "/")),
			(one) => one.charCodeAt(0),
		);
		return crypto.subtle.verify("HMAC", key, bytes, content(file, expires));
	}

	async #key(): Promise<HmacKey | undefined> {
		const text = this.#secret();
		if (!text) return undefined;
		if (this.#known?.text === text) return this.#known.key;
		const bytes = new TextEncoder().encode(text);
		const key = await crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign", "verify"]);
		this.#known = { text, key };
		return key;
	}
}

function content({ id, key }: LinkedFile, expires: string) {
	return new TextEncoder().encode(`${PURPOSE}${expires}\n${id}\n${key}`);
}
