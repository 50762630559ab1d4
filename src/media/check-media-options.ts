import { isPlainObject } from "../kernel/json.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { IMAGE_FORMATS, MAX_IMAGE_SIDE } from "./image-form.ts";

const KEYS: Readonly<Record<string, readonly string[]>> = {
	"": ["dir", "r2", "prefix", "store", "maxSize", "types", "images", "sweep"],
	images: ["transformer", "binding", "sizes", "formats", "maxPixels", "maxBytes", "maxForms"],
	sweep: ["grace", "every"],
};
const TEXTS = ["dir", "r2", "prefix", "images.binding"];
const NUMBERS = [
	"maxSize",
	"images.maxPixels",
	"images.maxBytes",
	"images.maxForms",
	"sweep.grace",
	"sweep.every",
];
const FORMATS: readonly unknown[] = IMAGE_FORMATS;
/** A media type, what some begin with and a star, or any. */
const TYPE = /^(?:\*\/\*|\*|[a-z]+\/(?:\*|[a-z0-9][a-z0-9.+-]*\*?))$/;
const METHODS = ["put", "get", "head", "delete", "list"];

/** Every fault of the options of media, as sentences. */
export function checkMediaOptions(options: unknown): readonly string[] {
	if (!isPlainObject(options)) return ["media: the options are not an object."];
	return [
		...Object.entries(KEYS).flatMap(([path, keys]) => unknownKeys(options, path, keys)),
		...TEXTS.filter((path) => !isTextOrNone(at(options, path))).map(
			(path) => `media.${path} is not a text.`,
		),
		...NUMBERS.filter((path) => !isCountOrNone(at(options, path))).map(
			(path) => `media.${path} is not a whole number, 1 or more.`,
		),
		...checkTypes(options.types),
		...checkImages(options.images),
		...checkStore(options.store),
	];
}

function unknownKeys(
	options: Record<string, unknown>,
	path: string,
	keys: readonly string[],
): readonly string[] {
	const value = path === "" ? options : options[path];
	if (value === undefined || (path === "images" && value === false)) return [];
	if (!isPlainObject(value)) return [`media.${path} is not an object.`];
	return Object.keys(value)
		.filter((key) => !keys.includes(key))
		.map((key) => {
			const full = path === "" ? key : `${path}.${key}`;
			return `There is no key media.${full}.${didYouMean(key, keys)}`;
		});
}

function checkTypes(types: unknown): readonly string[] {
	if (types === undefined) return [];
	if (!Array.isArray(types) || types.length === 0) return ["media.types is not a list of types."];
	return (types as readonly unknown[])
		.filter((type) => typeof type !== "string" || !TYPE.test(type))
		.map((type) => `media.types: ${JSON.stringify(type)} is not a media type such as "image/*".`);
}

function checkImages(images: unknown): readonly string[] {
	if (!isPlainObject(images)) return [];
	const { sizes, formats, transformer } = images;
	const problems: string[] = [];
	if (sizes !== undefined && !isListOf(sizes, isSide)) {
		problems.push(`media.images.sizes is not a list of pixels, 1 to ${MAX_IMAGE_SIDE}.`);
	}
	if (formats !== undefined && !isListOf(formats, (one) => FORMATS.includes(one))) {
		problems.push(`media.images.formats is not a list of ${FORMATS.join(", ")}.`);
	}
	if (transformer !== undefined && !hasMethods(transformer, ["transform"])) {
		problems.push("media.images.transformer has no transform.");
	}
	return problems;
}

function checkStore(store: unknown): readonly string[] {
	return store === undefined || hasMethods(store, METHODS)
		? []
		: [`media.store is no store: it has not all of ${METHODS.join(", ")}.`];
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
	if (typeof value !== "object" || value === null) return false;
	return names.every((name) => typeof (value as Record<string, unknown>)[name] === "function");
}

function isListOf(value: unknown, accepts: (one: unknown) => boolean): boolean {
	return Array.isArray(value) && value.length > 0 && value.every(accepts);
}

function isSide(value: unknown): boolean {
	return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_IMAGE_SIDE;
}

function isTextOrNone(value: unknown): boolean {
	return value === undefined || typeof value === "string";
}

function isCountOrNone(value: unknown): boolean {
	return value === undefined || (Number.isSafeInteger(value) && (value as number) >= 1);
}

function at(options: Record<string, unknown>, path: string): unknown {
	return path
		.split(".")
		.reduce<unknown>((value, key) => (isPlainObject(value) ? value[key] : undefined), options);
}
