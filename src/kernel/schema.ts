/**
 * A schema of any library that speaks Standard Schema 1 (zod, valibot, arktype …): the part of
 * https://standardschema.dev that Burdock uses.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
	readonly "~standard": {
		readonly version: 1;
		readonly vendor: string;
		readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
		readonly types?: { readonly input: Input; readonly output: Output } | undefined;
	};
}

/** What a schema says of a value: the value it makes of it, or what is wrong with it. */
export type SchemaResult<Output> =
	| { readonly value: Output; readonly issues?: undefined }
	| { readonly issues: readonly SchemaIssue[] };

/** One fault of a value. */
export interface SchemaIssue {
	readonly message: string;
	readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema takes. */
export type SchemaInput<S> = S extends { readonly "~standard": { readonly types?: infer Types } }
	? NonNullable<Types> extends { readonly input: infer Input }
		? Input
		: unknown
	: never;

/** What a schema makes of it. */
export type SchemaOutput<S> = S extends { readonly "~standard": { readonly types?: infer Types } }
	? NonNullable<Types> extends { readonly output: infer Output }
		? Output
		: unknown
	: never;

/** Where a fault is, as a path: `items[1].price`. */
export function issuePath({ path = [] }: SchemaIssue): string {
	let text = "";
	for (const segment of path) {
		const key = typeof segment === "object" ? segment.key : segment;
		if (typeof key === "number") text += `[${key}]`;
		else text += text === "" ? String(key) : `.${String(key)}`;
	}
	return text;
}
