import { didYouMean } from "../kernel/nearest.ts";
import type { App } from "./app.ts";

/** A listener to an entity that does not exist would never be called, and nobody would know. */
export function warnOfUnknownEntities({ em, emgr, logger }: App): void {
	const names = em.entities.map((entity) => entity.name);
	for (const { id, entity } of emgr.getListeners()) {
		const known = entity?.filter((name) => names.includes(name));
		if (known === undefined || (known.length > 0 && known.length === entity?.length)) continue;
		const hint = didYouMean(entity?.[0] ?? "", names).trim();
		logger.warn("A listener waits for an entity that does not exist.", {
			listener: id,
			entity: entity?.join(", ") || "a table outside of the schema",
			...(hint ? { hint } : {}),
		});
	}
}
