/** A server of large files: `node large-server.ts FOLDER [S3 as JSON]`. It tells its URL, and its memory when asked. */
import { AwsClient } from "aws4fetch";
import { defineConfig } from "burdock";
import { media, mediaLibrary } from "burdock/media";
import { fs } from "burdock/media/fs";
import { s3 } from "burdock/media/s3";
import { serve } from "burdock/node";

/** Where a bucket is, and how to sign for it. */
export interface S3Place {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly endpoint: string;
	readonly bucket: string;
}

const [, , folder = "", place] = process.argv;
const store = place === undefined ? fs(`${folder}/files`) : bucketOf(JSON.parse(place) as S3Place);

const server = await serve(
	defineConfig({
		connection: { url: `file:${folder}/data.db` },
		schema: { media },
		media: mediaLibrary({ store, maxSize: 2 * 1024 ** 3, types: ["*"] }),
	}),
	{ port: 0, signals: "ignore" },
);

function bucketOf({ endpoint, bucket, ...keys }: S3Place) {
	return s3({ client: new AwsClient({ ...keys, region: "auto" }), endpoint, bucket });
}

process.on("message", (message) => {
	if (message === "memory") process.send?.({ rss: process.memoryUsage.rss() });
	else void server.close().then(() => process.disconnect());
});
process.send?.({ url: server.url });
