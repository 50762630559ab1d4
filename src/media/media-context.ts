import type { EntityManager } from "../data/entity-manager.ts";
import type { RawDrizzle } from "../data/raw-drizzle.ts";
import type { EventManager } from "../events/event-manager.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Platform } from "../kernel/platform.ts";
import type { ImageTransformer } from "./image-transformer.ts";
import type { media } from "./media.ts";
import type { MediaOptions } from "./media-options.ts";
import type { StorageAdapter } from "./storage-adapter.ts";

/** What all parts of the media floor stand on. */
export interface MediaContext {
	readonly em: EntityManager;
	/** For what no listener may narrow: the rows that the sweep compares, and the claim of the store. */
	readonly db: () => RawDrizzle;
	readonly events: EventManager;
	readonly store: StorageAdapter;
	/** @throws (rejects) `images_unavailable`. */
	readonly images: () => Promise<ImageTransformer>;
	readonly options: MediaOptions;
	/** The table of the app's entity `media`. */
	readonly table: typeof media;
	/** Where the routes of the current build are, such as `/api/media`. */
	readonly base: () => string;
	readonly platform: Pick<Platform, "clock" | "createContext" | "createDigest" | "env">;
	readonly logger: Logger;
}
