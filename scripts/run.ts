/**
 * Builds what has changed and then runs the command line with these arguments, in one process.
 *
 *     node scripts/run.ts start --port 8080
 */
const [node = "", , ...args] = process.argv;

process.argv = [node, "scripts/build.ts", "--js"];
await import("./build.ts");
if (process.exitCode === undefined) {
	process.argv = [node, "dist/cli/main.js", ...args];
	await import(new URL("../dist/cli/main.js", import.meta.url).href);
}
