const ORPHAN_CHECK_MS = 200;

/**
 * npm runs a script in a shell, which dies of a signal without passing it on: a server that was
 * started by it would go on as an orphan, and keep the port. So it ends as after SIGTERM once its
 * parent is gone. What was not started by npm is left alone: `nohup` means to outlive its parent.
 */
export function endWithNpm(): void {
	if (process.env["npm_lifecycle_event"] === undefined) return;
	const parent = process.ppid;
	const watch = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(watch);
		process.kill(process.pid, "SIGTERM");
	}, ORPHAN_CHECK_MS);
	watch.unref();
}
