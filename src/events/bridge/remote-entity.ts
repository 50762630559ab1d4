/** Stands for an entity that the manager does not know, in events of other processes. */
export class RemoteEntity {
	readonly name: string;
	readonly #path: string | undefined;

	/** @param path what the envelope says that the event happened to. */
	constructor(name: string, path: string | undefined) {
		this.name = name;
		this.#path = path;
	}

	/** The path that came with the event: only the entity itself could make one of an id. */
	pathOf(): string | undefined {
		return this.#path;
	}

	/** In JSON it is its name, as all entities are. */
	toJSON(): string {
		return this.name;
	}
}
