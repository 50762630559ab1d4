import type { App } from "../app/app.ts";
import type { Entity } from "../data/schema/entity.ts";

const ENTITY_ROUTE = "/entity/:entity";

/**
 * Three curl lines that work with what is in the database now: a list, one row, a count. They are
 * read past the hooks, because nobody has asked for anything yet.
 */
export async function commandsToTry(app: App, url: string): Promise<readonly string[]> {
	const route = app.describe().routes.find(({ path }) => path.endsWith(ENTITY_ROUTE));
	const { entity, id } = await entityToTry(app);
	if (route === undefined || entity === undefined) {
		return ["/health", "/ready", "/"].map((path) => `curl ${url}${path}`);
	}
	const base = url + route.path.slice(0, -ENTITY_ROUTE.length);
	const rows = `${base}/entity/${encodeURIComponent(entity.name)}`;
	const one = id === undefined ? `${url}/` : `${rows}/${encodeURIComponent(id)}`;
	return [`curl '${rows}?limit=3'`, `curl '${one}'`, `curl -X POST '${rows}/fn/count'`];
}

/** One that has rows, and that most listeners name; the more fields, the better. */
async function entityToTry(app: App): Promise<{ readonly entity?: Entity; readonly id?: string }> {
	const named = app.emgr.getListeners().flatMap((listener) => listener.entity ?? []);
	const weightOf = ({ name, fields }: Entity): number =>
		named.filter((other) => other === name).length * 1000 + fields.length;
	const entities = app.em.entities.toSorted((one, other) => weightOf(other) - weightOf(one));
	for (const entity of entities) {
		const id = await firstId(app, entity);
		if (id !== undefined) return { entity, id };
	}
	const [entity] = entities;
	return entity === undefined ? {} : { entity };
}

async function firstId(
	{ database }: App,
	{ identifier, key }: Entity,
): Promise<string | undefined> {
	const [field, ...more] = key;
	if (field === undefined || more.length > 0) return undefined;
	const column = field.identifier;
	const sql = `select ${column} from ${identifier} order by ${column} limit 1`;
	const [row] = await database.all({ sql, params: [] });
	const id = row?.[0];
	return typeof id === "number" || typeof id === "string" ? String(id) : undefined;
}
