import { AppError } from "burdock";

interface Upload {
	readonly name: string;
	readonly meta: { readonly type: string };
}

/**
 * Refuses a file that is no image. Its type has been told by its content, whatever it calls itself.
 *
 * @throws AppError of kind `invalid` (422); nothing of the file is kept.
 */
export function refuseNonImages({ name, meta: { type } }: Upload): void {
	if (type.startsWith("image/")) return;
	throw new AppError("invalid", `This blog keeps images alone, and ${name} is ${type}.`, {
		errors: [{ path: "file", message: "Please send a PNG, a JPEG, a WebP or another image." }],
	});
}
