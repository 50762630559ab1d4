import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
	cloudflareImages,
	type ImagesBinding,
} from "../../../../src/media/adapters/cloudflare-images.ts";
import { imageDimensions } from "../../../../src/media/image-dimensions.ts";
import type { ImageForm, ImageFormat } from "../../../../src/media/image-transformer.ts";
import { sniffType } from "../../../../src/media/sniff-type.ts";

/** 90×70 pixels; the left half is red, the right one blue. */
const PNG = bytesOf(
	"iVBORw0KGgoAAAANSUhEUgAAAFoAAABGCAMAAAB7YnPQAAAABlBMVEUAAP//AADF+ovTAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAARklEQVRYhe3QoQEAMAyAsO7/p6eLq08OQDDvYk6kw5AwJAwJQ8KQMCQMCUPCkDAkDAlDwpAwJAwJQ8KQMCQMCUPCkDBklg9NMQxPlxmIzAAAAABJRU5ErkJggg==",
);
/** The same, lying on its side. */
const JPEG = bytesOf(
	"/9j/4QC8RXhpZgAASUkqAAgAAAAGABIBAwABAAAABgAAABoBBQABAAAAVgAAABsBBQABAAAAXgAAACgBAwABAAAAAgAAABMCAwABAAAAAQAAAGmHBAABAAAAZgAAAAAAAAA4YwAA6AMAADhjAADoAwAABgAAkAcABAAAADAyMTABkQcABAAAAAECAwAAoAcABAAAADAxMDABoAMAAQAAAP//AAACoAQAAQAAAFoAAAADoAQAAQAAAEYAAAAAAAAA/+IB8ElDQ19QUk9GSUxFAAEBAAAB4GxjbXMEIAAAbW50clJHQiBYWVogB+IAAwAUAAkADgAdYWNzcE1TRlQAAAAAc2F3c2N0cmwAAAAAAAAAAAAAAAAAAPbWAAEAAAAA0y1oYW5keem/Vlo+AbaDI4VVRvdPqgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAKZGVzYwAAAPwAAAAkY3BydAAAASAAAAAid3RwdAAAAUQAAAAUY2hhZAAAAVgAAAAsclhZWgAAAYQAAAAUZ1hZWgAAAZgAAAAUYlhZWgAAAawAAAAUclRSQwAAAcAAAAAgZ1RSQwAAAcAAAAAgYlRSQwAAAcAAAAAgbWx1YwAAAAAAAAABAAAADGVuVVMAAAAIAAAAHABzAFIARwBCbWx1YwAAAAAAAAABAAAADGVuVVMAAAAGAAAAHABDAEMAMAAAWFlaIAAAAAAAAPbWAAEAAAAA0y1zZjMyAAAAAAABDD8AAAXd///zJgAAB5AAAP2S///7of///aIAAAPcAADAcVhZWiAAAAAAAABvoAAAOPIAAAOPWFlaIAAAAAAAAGKWAAC3iQAAGNpYWVogAAAAAAAAJKAAAA+FAAC2xHBhcmEAAAAAAAMAAAACZmkAAPKnAAANWQAAE9AAAApb/9sAQwAoHB4jHhkoIyEjLSsoMDxkQTw3Nzx7WF1JZJGAmZaPgIyKoLTmw6Cq2q2KjMj/y9ru9f///5vB////+v/m/f/4/9sAQwErLS08NTx2QUF2+KWMpfj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4/8AAEQgARgBaAwEiAAIRAQMRAf/EABYAAQEBAAAAAAAAAAAAAAAAAAADBP/EABgQAQADAQAAAAAAAAAAAAAAAAABAzJx/8QAGAEBAQEBAQAAAAAAAAAAAAAAAAUDBgT/xAAXEQEAAwAAAAAAAAAAAAAAAAAAAQMz/9oADAMBAAIRAxEAPwDKA86wAAJ3Zjqid2Y62o0hjdnKIC0kgAAANQDn1wAATuzHVE7sx1tRpDG7OUQFpJAAAAagHPrgAAndmOqJ3ZjrajSGN2cogLSSAAAA1AOfXAABO7MdUTuzHW1GkMbs5RAWkkAAABqAc+uAACd2Y6DajSGN2cogLSSAAAA//9k=",
);
/** Two pictures of 9×7 pixels. */
const GIF = bytesOf(
	"R0lGODlhCQAHAIAAAExpcf8AACH5BAUAAAAALAAAAAAJAAcAAAIHjI+py+1cAAAh+QQFAAAAACwAAAAACQAHAIBMaXEAAP8CB4yPqcvtXAAAOw==",
);

const images = cloudflareImages(() => env.IMAGES);

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

async function make(
	body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>,
	form: Partial<ImageForm>,
	{ binding = env.IMAGES, type = "image/png" }: { binding?: ImagesBinding; type?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
	const source = { body, type, size: 1 };
	const wanted = { fit: "scale-down", format: "png", ...form } as const;
	return cloudflareImages(() => binding).transform(source, wanted);
}

/** The binding, failing as Cloudflare does with this code. */
function failing(code: number | undefined, message: string): ImagesBinding {
	const error = Object.assign(new Error(message), code === undefined ? {} : { code });
	const pipeline = { transform: () => pipeline, output: () => Promise.reject(error) };
	return { input: () => pipeline };
}

/** A stream, and whether it was cancelled. */
function watched() {
	let cancelled = false;
	const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
		pull: (controller) => controller.enqueue(PNG),
		cancel: () => {
			cancelled = true;
		},
	});
	return { body, cancelled: () => cancelled };
}

describe("cloudflareImages", () => {
	it.each<ImageFormat>(["webp", "avif", "jpeg", "png"])("makes %s", async (format) => {
		const made = await make(PNG, { format, width: 64 });
		expect(sniffType(made)).toBe(`image/${format}`);
		expect(imageDimensions(made, `image/${format}`)).toEqual({ width: 64, height: 50 });
	});

	it.each<[form: Partial<ImageForm>, width: number, height: number]>([
		[{ width: 45, fit: "scale-down" }, 45, 35],
		[{ height: 35, fit: "scale-down" }, 45, 35],
		[{ width: 900, height: 900, fit: "scale-down" }, 90, 70],
		[{ width: 180, fit: "contain" }, 180, 140],
		[{ width: 180, height: 180, fit: "contain" }, 180, 140],
		[{ width: 50, height: 50, fit: "cover" }, 50, 50],
		[{ width: 200, height: 100, fit: "cover" }, 200, 100],
		[{}, 90, 70],
	])("fits into %j as %i×%i", async (form, width, height) => {
		const made = await make(PNG, form);
		expect(imageDimensions(made, "image/png")).toEqual({ width, height });
	});

	it("turns images upright", async () => {
		expect(imageDimensions(JPEG, "image/jpeg")).toEqual({ width: 70, height: 90 });
		const made = await make(JPEG, { width: 35 }, { type: "image/jpeg" });
		expect(imageDimensions(made, "image/png")).toEqual({ width: 35, height: 45 });
	});

	it("takes the first picture of a moving one", async () => {
		const made = await make(GIF, { format: "webp" }, { type: "image/gif" });
		expect(imageDimensions(made, "image/webp")).toEqual({ width: 9, height: 7 });
		expect(String.fromCharCode(...made)).not.toContain("ANIM");
	});

	it("streams", async () => {
		const made = await make(new Blob([PNG]).stream(), { width: 45 });
		expect(imageDimensions(made, "image/png")).toEqual({ width: 45, height: 35 });
		const parts = new Blob([PNG.subarray(0, 100), PNG.subarray(100)]).stream();
		const identity = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
		expect((await make(parts.pipeThrough(identity), { width: 45 })).length).toBe(made.length);
	});

	it.each(["image/svg+xml", "image/tiff", "image/bmp", "text/html", ""])(
		"does not hand on %j",
		async (type) => {
			const { body, cancelled } = watched();
			await expect(make(body, {}, { type })).rejects.toMatchObject({ code: "image_unreadable" });
			expect(cancelled()).toBe(true);
		},
	);

	it("is unavailable without a binding", async () => {
		const { body, cancelled } = watched();
		const unbound = cloudflareImages(() => undefined);
		const form = { fit: "scale-down", format: "png" } as const;
		await expect(
			Promise.resolve(unbound.transform({ body, type: "image/png", size: 1 }, form)),
		).rejects.toMatchObject({ code: "images_unavailable" });
		expect(cancelled()).toBe(true);
		expect(images.name).toBe("cloudflare");
	});

	it("fails on what is no image", async () => {
		for (const bytes of [new Uint8Array(), new Uint8Array(100), PNG.slice(0, 60)]) {
			const failed = await make(bytes, { width: 9 }).catch((error: unknown) => error);
			expect((failed as { code: string }).code).toMatch(/^images?_un/);
		}
	});

	it.each([
		[9402, "IMAGES_TRANSFORM_x", "image_unreadable", "it is too large"],
		[9412, "IMAGES_TRANSFORM_x", "image_unreadable", "damaged"],
		[9413, "IMAGES_TRANSFORM_x", "image_unreadable", "pixels"],
		[9520, "IMAGES_TRANSFORM_x", "image_unreadable", "format"],
		[9523, "IMAGES_TRANSFORM_x", "image_unreadable", "damaged"],
		[9523, "Unexpected error response 500: x", "images_unavailable", "error 9523"],
		[9422, "IMAGES_TRANSFORM_x", "images_unavailable", "used up"],
		[9432, "IMAGES_TRANSFORM_x", "images_unavailable", "error 9432"],
		[undefined, "https://inner.example/x", "images_unavailable", "an error"],
	])("says what error %s means: %s", async (code, message, ours, words) => {
		const binding = failing(code, message);
		const failed = await make(PNG, {}, { binding }).catch((error: unknown) => error);
		expect(failed).toMatchObject({ code: ours, cause: { message } });
		expect((failed as Error).message).toContain(words);
		expect((failed as Error).message).not.toContain("x:");
	});

	it("refuses another format than it asked for", async () => {
		const binding: ImagesBinding = {
			input(image) {
				const pipeline = env.IMAGES.input(image);
				return {
					transform() {
						return this;
					},
					output: () => pipeline.output({ format: "image/jpeg" }),
				};
			},
		};
		await expect(make(PNG, { format: "avif" }, { binding })).rejects.toThrow(
			"Cloudflare makes no avif of it",
		);
	});
});
