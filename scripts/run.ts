/**
 * Builds what has changed and then runs the command line with these arguments, in one process.
 *
 *     node scripts/run.ts start --port 8080
 *
 * npm runs a script in a shell, which dies of a signal without passing it on: what was started by it
 * would go on as an orphan. So this process ends like after SIGTERM once its parent is gone.
 */
const ORPHAN_CHECK_MS = 200;

const [node = "", , ...args] = process.argv;
const parent = process.ppid;

process.argv = [node, "scripts/build.ts", "--js"];
await import("./build.ts");
if (process.exitCode === undefined) {
	const watch = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(watch);
		process.kill(process.pid, "SIGTERM");
	}, ORPHAN_CHECK_MS);
	watch.unref();
	process.argv = [node, "dist/cli/main.js", ...args];
	await import(new URL("../dist/cli/main.js", import.meta.url).href);
}
