import { PassThrough } from "node:stream";
import { expect, it, onTestFinished, vi } from "vitest";
import { CliError } from "../../src/cli/cli-error.ts";
import { Terminal } from "../../src/cli/terminal.ts";

/** A terminal of which the keys that are pressed are known. */
function pressed(keys: string): Terminal {
	const stream = (): PassThrough => Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
	const [input, output] = [stream(), stream()];
	vi.spyOn(process, "stdin", "get").mockReturnValue(input as never);
	vi.spyOn(process, "stderr", "get").mockReturnValue(output as never);
	onTestFinished(() => void vi.restoreAllMocks());
	input.write(keys);
	return new Terminal();
}

it("resolves to what is typed", async () => {
	expect(await pressed("1\r").ask("Which? ")).toBe("1");
});

it.each([
	["Ctrl-C", "\u0003"],
	["Ctrl-D", "\u0004"],
])("takes %s for no answer, not for a fault", async (_, key) => {
	const answer = pressed(key).ask("Which? ");
	await expect(answer).rejects.toThrow(CliError);
	await expect(answer).rejects.toMatchObject({ message: "The question was not answered." });
});
