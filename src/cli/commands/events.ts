import type { PlanEntry, PlannedListener } from "../../events/manager-options.ts";
import type { Paint } from "../../runtime/node/paint.ts";
import { CONFIG_OPTION, JSON_OPTION, type Command } from "../command.ts";
import { inspectApp } from "../inspected-app.ts";
import { table } from "../table.ts";

/** `burdock events`: who listens to what, in which order. */
export const events: Command = {
	name: "events",
	summary: "Show who listens to what.",
	description:
		"Shows each event that somebody listens to, with its listeners in the order in which they run.\n" +
		"The app is built on an empty database in memory, without its seed.",
	argument: {
		name: "GLOB",
		description: "Only events of this slug or topic; all of them, heard or not.",
	},
	options: { ...CONFIG_OPTION, ...JSON_OPTION },
	example: "burdock events 'data.*.insert.before'",
	async run({ options, args: [glob], terminal }) {
		await inspectApp(options, ({ app }) => {
			const plan = app.emgr.explain(glob);
			if (options["json"] === true) return terminal.printJson(plan);
			const shown = plan.filter(({ listeners }) => listeners.length > 0 || glob !== undefined);
			terminal.print(shown.length > 0 ? planText(shown, terminal.paint) : "No listeners.");
		});
		return "ok";
	},
};

function planText(plan: readonly PlanEntry[], paint: Paint): string {
	const rows = table(plan.flatMap(({ listeners }) => listeners.map(cellsOf)));
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

function cellsOf(listener: PlannedListener, index: number): readonly string[] {
	const { id, mode, order, entity, path, where, once, source } = listener;
	const filters = [
		...(entity ? [`entity ${entity.join(", ")}`] : []),
		...(path === undefined ? [] : [`path ${path}`]),
		...(where ? ["where"] : []),
		...(once ? ["once"] : []),
		...(order === 0 ? [] : [`order ${order}`]),
	];
	return [`${index + 1}.`, id, mode, source, filters.join("; ")];
}
