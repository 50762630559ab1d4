import type { App } from "../../app/app.ts";
import type { PlanEntry } from "../../events/explain.ts";
import type { ListenerInfo } from "../../events/listener.ts";
import { isAppError } from "../../kernel/error.ts";
import { didYouMean } from "../../kernel/nearest.ts";
import type { Paint } from "../../runtime/node/paint.ts";
import { CliError } from "../cli-error.ts";
import { CONFIG_OPTION, JSON_OPTION, type Command } from "../command.ts";
import { inspectApp } from "../inspected-app.ts";
import { table } from "../table.ts";

const HINT = "burdock events '*' shows them all.";

/** `burdock events`: who listens to what, in which order. */
export const events: Command = {
	name: "events",
	summary: "Show who listens to what.",
	description:
		"Shows each event that somebody listens to, with its listeners in the order in which they run.\n" +
		"The app is built on an empty database in memory, without its seed. To see events of a running\n" +
		"server: burdock events tail.",
	argument: {
		name: "GLOB",
		description: "Only events of this slug or topic; all of them, heard or not.",
	},
	options: { ...CONFIG_OPTION, ...JSON_OPTION },
	example: "burdock events 'data.*.insert.before'",
	async run(invocation) {
		const {
			options,
			args: [glob],
			terminal,
		} = invocation;
		await inspectApp(invocation, ({ app }) => {
			const plan = explain(app, glob);
			if (options["json"] === true) return terminal.printJson(plan);
			const shown = plan.filter(({ listeners }) => listeners.length > 0 || glob !== undefined);
			terminal.print(shown.length > 0 ? planText(shown, terminal.paint) : "No listeners.");
		});
		return "ok";
	},
};

/** Throws CliError for a bad pattern, or one that no event matches. */
function explain({ emgr }: App, glob: string | undefined): readonly PlanEntry[] {
	try {
		const plan = emgr.explain(glob);
		if (glob === undefined || plan.length > 0) return plan;
	} catch (error) {
		if (!isAppError(error)) throw error;
		throw new CliError(error.message, { exit: "usage", hint: HINT, cause: error });
	}
	const guess = didYouMean(
		glob,
		emgr.explain().map(({ event }) => event),
	);
	throw new CliError(`No event is called ${glob}.${guess}`, { exit: "usage", hint: HINT });
}

function planText(plan: readonly PlanEntry[], paint: Paint): string {
	const rows = table(
		plan.flatMap(({ event, listeners }) =>
			listeners.map((listener, index) => [`${index + 1}.`, ...cellsOf(listener, event)]),
		),
	);
	let next = 0;
	return plan
		.map(({ event, topic, listeners }) => {
			const title = `${paint.bold(event)}${topic ? ` ${paint.dim(topic)}` : ""}`;
			const lines = listeners.map(() => `  ${rows[next++]}`);
			return [title, ...(lines.length > 0 ? lines : [`  ${paint.dim("nobody listens")}`])].join(
				"\n",
			);
		})
		.join("\n\n");
}

function cellsOf(listener: ListenerInfo, event: string): readonly string[] {
	const { id, mode, order, refs, entity, path, where, once, source } = listener;
	const filters = [
		...(refs.includes(event) ? [] : [`on ${refs.join(", ")}`]),
		...(entity ? [`entity ${entity.join(", ")}`] : []),
		...(path === undefined ? [] : [`path ${path}`]),
		...(where ? ["where"] : []),
		...(once ? ["once"] : []),
		...(order === 0 ? [] : [`order ${order}`]),
	];
	return [id, mode, source, filters.join("; ")];
}
