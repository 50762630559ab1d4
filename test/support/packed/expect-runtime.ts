const { PACKED_RUNTIME: runtime = "" } = process.env;

// On Node every test would pass as well, and say nothing.
if (!(runtime in process.versions)) throw new Error(`This is not ${runtime}.`);

export {};
