import type { AppError } from "../../kernel/error.ts";
import type { Entity, EntityId, Row } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import { shorten } from "../fault-list.ts";
import { idKey } from "./row-keys.ts";

/** What a caller has seen of a row, so that nothing else is overwritten. */
export interface Precondition {
	/** The version that stands in the data: another one is a conflict. */
	readonly version?: number;
	/** The versions of an `If-Match`, of which one has to be the current one. */
	readonly ifMatch?: readonly number[];
}

/** The versions that a row may have; undefined when any will do. */
export function allowedVersions({ version, ifMatch }: Precondition): readonly number[] | undefined {
	if (version === undefined) return ifMatch;
	return ifMatch === undefined || ifMatch.includes(version) ? [version] : [];
}

/** The error of a row whose version is not as expected; undefined when it is. */
export function staleError(
	entity: Entity,
	id: EntityId,
	row: Row,
	{ version, ifMatch }: Precondition,
): AppError | undefined {
	if (!entity.version) return undefined;
	const current = row[entity.version.name] as number;
	const subject = { entity: entity.name, id: shorten(idKey(id)) };
	if (ifMatch && !ifMatch.includes(current)) {
		const reason = `its version is ${current}`;
		return dataErrors.create("precondition_failed", { ...subject, reason });
	}
	if (version === undefined || version === current) return undefined;
	return dataErrors.create("stale_version", { ...subject, current, given: version });
}

/** The error of a write by id that found no row. */
export function notFound(entity: Entity, id: EntityId): AppError {
	return dataErrors.create("not_found", { entity: entity.name, id: shorten(idKey(id)) });
}

/** The error of an `If-Match` where rows have no version to match. */
export function noVersion(entity: Entity, id: unknown): AppError {
	const reason = `${entity.name} has no version field, so only * matches`;
	return dataErrors.create("precondition_failed", {
		entity: entity.name,
		id: shorten(String(id)),
		reason,
	});
}

/** Takes the version out of the data of an update: there it says what was seen, not what to store. */
export function takeVersion({ version }: Entity, data: Row): number | undefined {
	if (!version || !(version.name in data)) return undefined;
	const given = data[version.name];
	delete data[version.name];
	return typeof given === "number" ? given : Number.NaN;
}
