import { AwsClient } from "aws4fetch";
import { s3 } from "../../src/media/adapters/s3.ts";
import { storageConformance } from "../../src/testing/storage-conformance.ts";

/** What this Worker is asked. */
export interface S3WorkerCall {
	/** The name of the case that is to run. */
	readonly name: string;
	readonly endpoint: string;
	readonly access: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What it answers: why the case failed, if it did. */
export interface S3WorkerAnswer {
	readonly failure?: string;
}

async function run({ name, endpoint, access }: S3WorkerCall): Promise<S3WorkerAnswer> {
	const client = new AwsClient({ ...access, region: "auto", retries: 0 });
	const prefix = `${crypto.randomUUID()}/`;
	const cases = storageConformance(() => ({
		store: s3({ client, endpoint, bucket: "files", prefix }),
	}));
	try {
		const found = cases.find((one) => one.name === name);
		if (!found) return { failure: `There is no case "${name}".` };
		await found.run();
		return {};
	} catch (error) {
		return { failure: error instanceof Error ? String(error.stack) : String(error) };
	}
}

/** A Worker that runs a case of the conformance suite against S3. */
export const worker = {
	async fetch(request: Request): Promise<Response> {
		return Response.json(await run((await request.json()) as S3WorkerCall));
	},
};
