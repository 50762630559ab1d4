/** What of a Worker's static assets is used here. */
interface Assets {
	fetch(url: string): Promise<Response>;
}

/**
 * Reads a picture of `blog/covers`: a file, or on Workers an asset, as wrangler.toml says.
 *
 * @param env The bindings of the Worker, or the environment of the process.
 * @returns The bytes; undefined where there is no such picture.
 */
export async function readCover(
	name: string,
	env: Readonly<Record<string, unknown>>,
): Promise<Uint8Array | undefined> {
	const assets = env["ASSETS"] as Assets | undefined;
	if (assets) {
		const response = await assets.fetch(`https://assets.example/${name}`);
		return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
	}
	const { readFile } = await import("node:fs/promises");
	return readFile(new URL(`covers/${name}`, import.meta.url)).catch(() => undefined);
}
