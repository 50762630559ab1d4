import type { App } from "../../app/app.ts";

/** Builds an app; one that cannot be built is closed. */
export async function buildOrClose(app: App): Promise<void> {
	try {
		await app.build();
	} catch (error) {
		await app.close({ timeout: 0 });
		throw error;
	}
}
