import {
	RepositoryFindManyAfter,
	RepositoryFindManyBefore,
	RepositoryFindOneAfter,
	RepositoryFindOneBefore,
} from "./read/read-events.ts";
import {
	MutatorDeleteAfter,
	MutatorDeleteBefore,
	MutatorDeleteCommit,
	MutatorDeleteFailed,
	MutatorInsertAfter,
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertFailed,
	MutatorUpdateAfter,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateFailed,
} from "./write/write-events.ts";

/** The events of the data layer, by the names of their classes. */
export const DatabaseEvents = Object.freeze({
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertAfter,
	MutatorInsertFailed,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateAfter,
	MutatorUpdateFailed,
	MutatorDeleteBefore,
	MutatorDeleteCommit,
	MutatorDeleteAfter,
	MutatorDeleteFailed,
	RepositoryFindOneBefore,
	RepositoryFindOneAfter,
	RepositoryFindManyBefore,
	RepositoryFindManyAfter,
});
