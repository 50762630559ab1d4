import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { serve } from "../../../src/runtime/node/serve.ts";
import { collectUnhandled, expectAnswer, initOf } from "../../support/hostile-answers.ts";
import { hostileRequest } from "../../support/hostile-requests.ts";
import { recordingLogger, type LogLine } from "../../support/recording-logger.ts";
import * as schema from "../../support/scenario-schema.ts";

const TIMEOUT = 120_000;

test(
	"no request over a socket makes a 5xx, or an unhandled rejection",
	{ timeout: TIMEOUT },
	async () => {
		const lines: LogLine[] = [];
		const server = await serve(
			{ connection: { url: ":memory:" }, schema, limits: { bulkRows: 50 } },
			{ port: 0, logger: recordingLogger(lines), signals: "ignore" },
		);
		onTestFinished(async () => {
			await server.close();
		});
		const errors = collectUnhandled();
		await fc.assert(
			fc.asyncProperty(
				hostileRequest.filter(({ path }) => path.length < 12_000),
				async (request) => {
					await expectAnswer(await fetch(`${server.url}${request.path}`, initOf(request)));
				},
			),
			{ numRuns: 500 },
		);
		expect(lines.filter(({ level }) => level === "error")).toEqual([]);
		expect(errors).toEqual([]);
		expect((await fetch(`${server.url}/health`)).status).toBe(200);
	},
);
