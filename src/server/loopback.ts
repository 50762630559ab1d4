const LOOPBACK_URL =
	/^https?:\/\/(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?(?:[/?#]|$)/i;

/** Tells URLs that name this machine. Most requests name the same host as the one before. */
export class Loopback {
	#last = "";

	/** Whether this URL names this machine as its host. */
	names(url: string): boolean {
		if (this.#last !== "" && url.startsWith(this.#last)) return true;
		const start = LOOPBACK_URL.exec(url)?.[0];
		if (start === undefined) return false;
		if (start.endsWith("/")) this.#last = start;
		return true;
	}
}
