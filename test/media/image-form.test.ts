import { describe, expect, it } from "vitest";
import {
	formKey,
	IMAGE_FORMATS,
	IMAGE_SIZES,
	type ImageOptions,
	readImageForm,
} from "../../src/media/image-form.ts";
import type { ImageFit, ImageForm } from "../../src/media/image-transformer.ts";
import { checkObjectKey, newObjectKey } from "../../src/media/object-key.ts";

function read(query: string, type = "image/png", options?: ImageOptions): ImageForm | undefined {
	return readImageForm(new URLSearchParams(query), type, options);
}

describe("readImageForm", () => {
	it.each(["", "a=1", "Width=320", "w=320", "download=1", "widths=1"])(
		"finds no form in %j",
		(query) => expect(read(query)).toBeUndefined(),
	);

	it.each<[query: string, form: ImageForm]>([
		["width=320", { width: 320, fit: "scale-down", format: "png" }],
		["height=320&x=1", { height: 320, fit: "scale-down", format: "png" }],
		["width=320&height=200", { width: 320, height: 200, fit: "cover", format: "png" }],
		[
			"width=320&height=200&fit=contain",
			{ width: 320, height: 200, fit: "contain", format: "png" },
		],
		["width=320&fit=contain", { width: 320, fit: "contain", format: "png" }],
		["width=320&fit=cover", { width: 320, fit: "contain", format: "png" }],
		["width=320&fit=scale-down", { width: 320, fit: "scale-down", format: "png" }],
		["format=webp", { width: 2048, height: 2048, fit: "scale-down", format: "webp" }],
		["width=320&format=avif", { width: 320, fit: "scale-down", format: "avif" }],
	])("reads %s", (query, form) => expect(read(query)).toStrictEqual(form));

	it.each([
		["image/jpeg", "jpeg"],
		["image/webp", "webp"],
		["image/avif", "avif"],
		["image/gif", "webp"],
		["image/heic", "webp"],
		["application/pdf", "webp"],
		["jpeg", "jpeg"],
	])("makes %s into %s unless told", (type, format) => {
		expect(read("width=320", type)?.format).toBe(format);
	});

	it("makes only what the options allow", () => {
		const options: ImageOptions = { sizes: [100], formats: ["jpeg"] };
		expect(read("width=100", "image/png", options)?.format).toBe("jpeg");
		expect(() => read("width=320", "image/png", options)).toThrow("is not 320, but 100");
		expect(() => read("format=png", "image/png", options)).toThrow("format is one of jpeg");
		expect(read("format=jpeg", "image/png", options)).toMatchObject({ width: 100, height: 100 });
	});

	it.each([
		["width=333", "width is not 333, but 320 or 400"],
		["width=1", "but 64"],
		["height=2049", "height is not 2049, but 2048"],
		["width=0", "whole number"],
		["width=-320", "whole number"],
		["width=+320", "whole number"],
		["width=%2B320", "whole number"],
		["width=320.0", "whole number"],
		["width=3.2e2", "whole number"],
		["width=0x140", "whole number"],
		["width=0320", "whole number"],
		["width= 320", "whole number"],
		["width=320px", "whole number"],
		["width=３２０", "whole number"],
		["width=320%0A", "whole number"],
		["width=", "whole number"],
		["width=99999999999999999999", "whole number"],
		["width=NaN", "whole number"],
		["width=320&width=320", "more than once"],
		["width=320&format=png&format=png", "more than once"],
		["width=320&fit=cover&fit=cover", "more than once"],
		["width=320&fit=fill", "fit is one of"],
		["width=320&fit=COVER", "fit is one of"],
		["width=320&fit=", "fit is one of"],
		["width=320&fit=toString", "fit is one of"],
		["fit=cover", "comes with width"],
		["fit=cover&format=webp", "comes with width"],
		["format=gif", "format is one of"],
		["format=jpg", "format is one of"],
		["format=image/webp", "format is one of"],
		["format=__proto__", "format is one of"],
		["format=", "format is one of"],
	])("refuses %s: %s", (query, reason) => {
		const refused = { code: "bad_variant", kind: "malformed" };
		expect(() => read(query)).toThrow(expect.objectContaining(refused));
		expect(() => read(query)).toThrow(reason);
	});
});

describe("formKey", () => {
	it.each<[form: ImageForm, key: string]>([
		[{ width: 320, height: 200, fit: "cover", format: "webp" }, "w320-h200-cover-webp"],
		[{ height: 64, fit: "scale-down", format: "avif" }, "h64-scale-down-avif"],
		[{ fit: "scale-down", format: "png" }, "scale-down-png"],
	])("of %j is %s", (form, key) => expect(formKey(form)).toBe(key));

	it("differs for every form, and makes keys of objects", () => {
		const sides = [undefined, ...IMAGE_SIZES];
		const fits: readonly ImageFit[] = ["cover", "contain", "scale-down"];
		const forms = sides.flatMap((width) =>
			sides.flatMap((height) =>
				fits.flatMap((fit) =>
					IMAGE_FORMATS.map((format) => ({
						...(width && { width }),
						...(height && { height }),
						fit,
						format,
					})),
				),
			),
		);
		const keys = new Set(forms.map(formKey));
		expect(keys.size).toBe(forms.length);
		const object = newObjectKey();
		for (const key of keys) checkObjectKey(`${object}.${key}`);
	});
});
