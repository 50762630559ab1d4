import type { JsonSchema } from "../model/json-schema.ts";

/** A pointer to a component. */
export interface Ref {
	readonly $ref: string;
}

/** One example of several. */
export interface Example {
	readonly summary?: string;
	readonly value: unknown;
}

/** What a body of one content type is. */
export interface MediaType {
	readonly schema: JsonSchema;
	readonly example?: unknown;
	readonly examples?: Readonly<Record<string, Example>>;
}

/** A parameter of a path, a query or a header. */
export interface Parameter {
	readonly name: string;
	readonly in: "path" | "query" | "header";
	readonly description: string;
	readonly required?: boolean;
	readonly style?: "form";
	readonly explode?: boolean;
	readonly schema?: JsonSchema;
	readonly content?: Readonly<Record<string, MediaType>>;
	readonly example?: unknown;
}

/** A header of a response. */
export interface Header {
	readonly description: string;
	readonly schema: JsonSchema;
}

/** An answer of one status. */
export interface ResponseObject {
	readonly description: string;
	readonly headers?: Readonly<Record<string, Header | Ref>>;
	readonly content?: Readonly<Record<string, MediaType>>;
}

/** The body of a request. */
export interface RequestBody {
	readonly description?: string;
	readonly required: boolean;
	readonly content: Readonly<Record<string, MediaType>>;
}

/** What one method of one path does. */
export interface Operation {
	readonly operationId: string;
	readonly tags: readonly string[];
	readonly summary: string;
	readonly description?: string;
	readonly parameters?: readonly (Parameter | Ref)[];
	readonly requestBody?: RequestBody;
	readonly responses: Readonly<Record<string, ResponseObject | Ref>>;
	readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

/** The methods that routes have, as path items spell them. */
export type OperationMethod = "get" | "post" | "put" | "patch" | "delete";

/** Everything about one path. */
export interface PathItem extends Partial<Record<OperationMethod, Operation>> {
	readonly servers?: readonly { readonly url: string }[];
	readonly parameters?: readonly (Parameter | Ref)[];
}

/** A document as OpenAPI 3.1 defines it, as far as the ones written here go. */
export interface OpenApiDocument {
	readonly openapi: "3.1.1";
	readonly info: { readonly title: string; readonly version: string; readonly description: string };
	readonly servers: readonly { readonly url: string; readonly description: string }[];
	readonly tags: readonly { readonly name: string; readonly description: string }[];
	readonly paths: Readonly<Record<string, PathItem>>;
	readonly components: Components;
}

/** What operations point to. */
export interface Components {
	readonly schemas: Readonly<Record<string, JsonSchema>>;
	readonly parameters: Readonly<Record<string, Parameter>>;
	readonly headers: Readonly<Record<string, Header>>;
	readonly responses: Readonly<Record<string, ResponseObject>>;
	readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
