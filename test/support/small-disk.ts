import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Mounts a file system of 4 MB, where that is allowed; the function makes it for one test. */
export function smallDisk(): (() => string) | undefined {
	const mount = (): string => {
		const directory = mkdtempSync(join(tmpdir(), "burdock-disk-"));
		execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", directory], {
			stdio: "ignore",
		});
		return directory;
	};
	const unmount = (directory: string): void => {
		execFileSync("umount", ["--lazy", directory]);
		rmdirSync(directory);
	};
	try {
		unmount(mount());
	} catch {
		return undefined;
	}
	return () => {
		const directory = mount();
		onTestFinished(() => unmount(directory));
		return directory;
	};
}
