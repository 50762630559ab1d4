import type { ObjectInfo } from "../storage-adapter.ts";
import type { KeyPrefix } from "./key-prefix.ts";
import type { XmlElement } from "./xml-element.ts";

/** What the next page of a list is asked for with; undefined after the last one. */
type Next = Readonly<Record<string, string>> | undefined;

/** A multipart upload that has not ended. */
export interface S3Uploading {
	/** The object's key in the bucket. */
	readonly place: string;
	readonly uploadId: string;
	readonly initiated: Date;
}

/** The objects of an answer to ListObjectsV2 that are the store's. */
export function readObjectPage(
	answer: XmlElement,
	prefix: KeyPrefix,
): { readonly objects: readonly ObjectInfo[]; readonly next: Next } {
	const objects: ObjectInfo[] = [];
	for (const found of answer.all("Contents")) {
		const key = prefix.remove(nameIn(answer, found.text("Key")));
		const size = Number.parseInt(found.text("Size") ?? "", 10);
		const stored = new Date(found.text("LastModified") ?? "");
		if (key === undefined) continue;
		if (Number.isNaN(size) || Number.isNaN(stored.getTime())) {
			throw new TypeError("S3 lists an object without its size, or its time.");
		}
		objects.push({ key, size, stored });
	}
	const token = answer.text("NextContinuationToken");
	const more = answer.text("IsTruncated") === "true" && token;
	return { objects, next: more ? { "continuation-token": token } : undefined };
}

/** The uploads of an answer to ListMultipartUploads that are the store's. */
export function readUploadPage(
	answer: XmlElement,
	prefix: KeyPrefix,
): { readonly uploads: readonly S3Uploading[]; readonly next: Next } {
	const uploads: S3Uploading[] = [];
	for (const found of answer.all("Upload")) {
		const place = nameIn(answer, found.text("Key"));
		const uploadId = found.text("UploadId");
		const initiated = new Date(found.text("Initiated") ?? "");
		if (uploadId && prefix.remove(place) !== undefined) {
			uploads.push({ place, uploadId, initiated });
		}
	}
	const key = nameIn(answer, answer.text("NextKeyMarker"));
	const more = answer.text("IsTruncated") === "true" && key !== "";
	if (!more) return { uploads, next: undefined };
	const id = answer.text("NextUploadIdMarker");
	return { uploads, next: { "key-marker": key, ...(id && { "upload-id-marker": id }) } };
}

/** A key of an answer; it may be one that another has put, and be anything. */
function nameIn(answer: XmlElement, text = ""): string {
	if (answer.text("EncodingType") !== "url") return text;
	try {
		return decodeURIComponent(text.replaceAll("+", "%20"));
	} catch {
		return text;
	}
}
