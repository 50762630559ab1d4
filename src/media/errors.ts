import { AppError } from "../kernel/error.ts";
import { ErrorCatalogue } from "../kernel/error-catalogue.ts";

/** The errors of the media floor. */
export const mediaErrors = new ErrorCatalogue(AppError, {
	bad_object_key: { kind: "malformed", message: "This is not the key of an object." },
	bad_file_name: { kind: "invalid", message: "A file can't be named like this: {reason}." },
	no_file: { kind: "malformed", message: "The request carries no file." },
	file_too_large: { kind: "too_large", message: "The file is over {limit} bytes." },
	file_type_refused: {
		kind: "invalid",
		message: "Files of the type {type} are not taken here. This is what the content looks like.",
	},
	file_exists: {
		kind: "conflict",
		message: "There is a file named {name}. With overwrite=true it is replaced.",
	},
	file_not_found: { kind: "not_found", message: "There is no file {name}." },
	field_taken: {
		kind: "conflict",
		message: "{entity}.{field} has a file. With overwrite=true it is replaced.",
	},
	not_a_file_field: { kind: "not_found", message: "{entity} has no relation {field} to media." },
	media_row_protected: {
		kind: "invalid",
		message: "Rows of media belong to stored files: upload the file, or change other fields.",
	},
	upload_expired: {
		kind: "unavailable",
		message: "The upload took longer than the store keeps what nobody has committed.",
	},
	storage_unavailable: { kind: "unavailable", message: "The file storage does not answer." },
	image_unreadable: {
		kind: "invalid",
		message: "{name} is no image that can be changed: {reason}.",
	},
	image_too_large: { kind: "invalid", message: "{name} has more than {limit} pixels." },
	bad_variant: { kind: "malformed", message: "There is no such form of an image: {reason}." },
	too_many_variants: {
		kind: "rate_limited",
		message: "{name} is kept in {limit} forms already, and there may be no more.",
	},
	images_busy: { kind: "unavailable", message: "Too many images are being made just now." },
	images_unavailable: {
		kind: "unavailable",
		message: "This server can't change images: {reason}.",
	},
	bad_link: { kind: "forbidden", message: "This link is not valid, or not valid any more." },
	bad_expiry: {
		kind: "invalid",
		message: "A link lasts for a whole number of seconds, from 1 to {limit}.",
	},
	no_link_secret: {
		kind: "unavailable",
		message: "Links can't be signed: this server has neither MEDIA_SECRET nor BURDOCK_TOKEN.",
	},
});
