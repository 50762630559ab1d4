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
} from "./write/delete-events.ts";
import {
	MutatorInsertAfter,
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertFailed,
} from "./write/insert-events.ts";
import {
	MutatorUpdateAfter,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateFailed,
} from "./write/update-events.ts";

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
