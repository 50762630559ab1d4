import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { completed } from "../../scripts/complete-lock.ts";

const owner = (optionalDependencies: Readonly<Record<string, string>>) => ({
	version: "1.0.0",
	dev: true,
	optionalDependencies,
});

describe("the lock", () => {
	it("names the native packages of every platform, so that npm ci accepts it", () => {
		const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
			readonly packages: Parameters<typeof completed>[0];
		};
		const missing = Object.keys(completed(packages)).filter((path) => !(path in packages));
		expect(missing, "run: node scripts/complete-lock.ts").toEqual([]);
	});

	it("gets an entry that npm can pass over for each missing native package", () => {
		const tool = owner({ "@tool/linux-x64-musl": "1.0.0", "@tool/windows-64": "1.0.0" });
		expect(completed({ "node_modules/tool": tool })).toEqual({
			"node_modules/tool": tool,
			"node_modules/@tool/linux-x64-musl": {
				version: "1.0.0",
				dev: true,
				optional: true,
				os: ["linux"],
				cpu: ["x64"],
				libc: ["musl"],
			},
			"node_modules/@tool/windows-64": {
				version: "1.0.0",
				dev: true,
				optional: true,
				os: ["win32"],
				cpu: ["x64"],
			},
		});
	});

	it("keeps two versions apart, and leaves alone what is there or is not native", () => {
		const native = { version: "1.0.0", os: ["darwin"], cpu: ["arm64"] };
		const packages = {
			"node_modules/@tool/darwin-arm64": native,
			"node_modules/tool": owner({ "@tool/darwin-arm64": "1.0.0", colours: "1.0.0" }),
			"node_modules/user/node_modules/tool": owner({ "@tool/darwin-arm64": "2.0.0" }),
		};
		const added = "node_modules/user/node_modules/tool/node_modules/@tool/darwin-arm64";
		expect(completed(packages)).toEqual({
			...packages,
			[added]: { ...native, version: "2.0.0", dev: true, optional: true },
		});
	});
});
