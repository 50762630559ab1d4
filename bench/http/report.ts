import type { Outcome } from "./budgets.ts";
import { residentBytes } from "./measure.ts";
import type { Measurement, Measurements, Sample } from "./measure.ts";
import { median } from "./statistics.ts";
import { OPERATIONS } from "./workloads.ts";

/** A table in Markdown whose columns line up in a terminal too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const widths = head.map((title, column) =>
		Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
	);
	const line = (cells: readonly string[]): string => {
		const padded = widths.map((width, column) => {
			const cell = cells[column] ?? "";
			return column === 0 ? cell.padEnd(width) : cell.padStart(width);
		});
		return `| ${padded.join(" | ")} |`;
	};
	const rule = widths.map((width, column) =>
		column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
	);
	return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Median of one figure of the samples, `–` where nothing was measured. */
function figure(samples: readonly Sample[], of: (sample: Sample) => number): string {
	return samples.length === 0 ? "–" : median(samples.map(of)).toFixed(0);
}

function serverRow(measurement: Measurement): string[] {
	const { contender, samples, startSeconds, requests } = measurement;
	return [
		contender.title,
		...OPERATIONS.map((operation) => figure(samples[operation], (s) => s.requestsPerSecond)),
		OPERATIONS.map((operation) => figure(samples[operation], (s) => s.cpuMicros)).join(" / "),
		median(startSeconds).toFixed(2),
		(residentBytes(measurement) / 2 ** 20).toFixed(0),
		String(Math.round(requests / 1_000)),
	];
}

/** What each server did. */
export function serversTable(measurements: Measurements): string {
	const head = [
		"requests per second",
		"read one",
		"list 10",
		"insert",
		"insert, 1 connection",
		"CPU µs per request",
		"start, s",
		"RSS, MiB",
		"requests, k",
	];
	return table(head, [...measurements.values()].map(serverRow));
}

/** How the product stands against its budgets. */
export function budgetsTable(outcomes: readonly Outcome[]): string {
	const rows = outcomes.map(({ what, measured, budget, byCpu, verdict }) => [
		what,
		measured,
		budget,
		byCpu,
		verdict === "missed" ? "MISSED" : verdict,
	]);
	return table(["Burdock against", "measured", "budget", "by CPU (µs per request)", ""], rows);
}
