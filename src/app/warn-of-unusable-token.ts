import type { Platform } from "../kernel/platform.ts";

/** A token that no header can carry lets nobody in, and a client only learns that it may not write. */
export function warnOfUnusableToken({ env, logger }: Platform): void {
	const { BURDOCK_TOKEN: token } = env;
	if (token === undefined || (typeof token === "string" && /^\S*$/.test(token))) return;
	const reason = typeof token === "string" ? "it holds a space" : "it is no text";
	logger.warn("BURDOCK_TOKEN can't be used, so nobody has a token.", { reason });
}
