import type { App } from "../../app/app.ts";
import { AppEvents } from "../../app/app-events.ts";
import { DatabaseEvents } from "../../data/database-events.ts";
import { didYouMean, nearest } from "../../kernel/nearest.ts";
import { ok, warning, type Check, type ConfigFacts, type Finding } from "./check.ts";

const GLOB = /[*()|]/;
const DATA_TOPIC = /^data\.([^.]+)\.(.+)$/;

/** Whether what listeners listen to can ever happen. */
export const listeners: Check<ConfigFacts> = {
	name: "Listeners",
	run({ app }) {
		const all = app.emgr.getListeners();
		const known = knownEvents(app);
		const entities = app.em.entities.map(({ name }) => name);
		const findings = all.flatMap(({ id, refs, entity = [] }) => [
			...entity.flatMap((name) => entityFault(id, name, entities)),
			...refs.flatMap((ref) => eventFault(id, ref, { entities, ...known })),
		]);
		return findings.length > 0 ? findings : [ok(String(all.length))];
	},
};

function entityFault(id: string, name: string, entities: readonly string[]): readonly Finding[] {
	if (entities.includes(name)) return [];
	return [
		warning(
			`${id} waits for the entity ${name}, which does not exist.${didYouMean(name, entities)}`,
			"Name an entity of the schema: burdock info shows them all.",
		),
	];
}

/** An event of a name of one's own may be emitted anywhere; one that is nearly one of ours is not. */
function eventFault(
	id: string,
	ref: string,
	{ entities, slugs, topics }: Known & { readonly entities: readonly string[] },
): readonly Finding[] {
	if (GLOB.test(ref) || slugs.includes(ref)) return [];
	const [, entity, rest] = DATA_TOPIC.exec(ref) ?? [];
	if (entity === undefined || rest === undefined) {
		const guess = nearest(ref, slugs);
		return guess === undefined ? [] : [unknownEvent(id, ref, ` Did you mean ${guess}?`)];
	}
	if (!entities.includes(entity)) return entityFault(id, entity, entities);
	const operations = topics.map((topic) => topic.replace(/^data\.\*\./, ""));
	if (operations.includes(rest)) return [];
	return [unknownEvent(id, ref, didYouMean(rest, operations))];
}

function unknownEvent(id: string, ref: string, guess: string): Finding {
	return warning(
		`${id} listens to ${ref}, which nobody emits.${guess}`,
		"burdock events '*' shows all events.",
	);
}

interface Known {
	/** Slugs, and topics that name no entity. */
	readonly slugs: readonly string[];
	/** Topics that name one. */
	readonly topics: readonly string[];
}

/** What can be emitted, as far as anybody knows: a name that is only listened to is no event yet. */
function knownEvents({ emgr }: App): Known {
	const own = Object.values({ ...AppEvents, ...DatabaseEvents }).map(({ slug }) => slug);
	const entries = emgr.explain();
	const classes = entries.filter(
		({ event, topic, listeners: heard }) =>
			topic !== undefined || heard.length === 0 || own.includes(event),
	);
	const topics = classes.flatMap(({ topic }) => topic ?? []);
	return {
		slugs: [...classes.map(({ event }) => event), ...topics.filter((one) => !one.includes("*"))],
		topics: topics.filter((topic) => topic.startsWith("data.*.")),
	};
}
