/** An answer of an S3 server that is no good one. It tells nothing of keys, URLs and signatures. */
export class S3Error extends Error {
	override readonly name = "S3Error";
	/** What was asked: `PutObject`. */
	readonly operation: string;
	/** The status of the answer; 200 is possible, because S3 may find out late. */
	readonly status: number;
	/** S3's own word for it, such as `NoSuchBucket`; undefined where the answer has none. */
	readonly code: string | undefined;

	constructor(operation: string, status: number, code?: string) {
		super(`S3 answered ${operation} with ${status}${code === undefined ? "" : `, ${code}`}.`);
		this.operation = operation;
		this.status = status;
		this.code = code;
	}
}
