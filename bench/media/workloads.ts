/** What is sent again and again. */
export interface FileWorkload {
	readonly name: string;
	readonly kind: "upload" | "download" | "unchanged";
	/** Bytes of the file. */
	readonly size: number;
	readonly connections: number;
}

const SIZES = [
	["10 kB", 10_000, 16],
	["1 MB", 1_000_000, 8],
	["100 MB", 100_000_000, 2],
] as const;

export const WORKLOADS: readonly FileWorkload[] = [
	...SIZES.map(([title, size, connections]) => ({
		name: `upload ${title}`,
		kind: "upload" as const,
		size,
		connections,
	})),
	...SIZES.map(([title, size, connections]) => ({
		name: `download ${title}`,
		kind: "download" as const,
		size,
		connections,
	})),
	{ name: "unchanged (304)", kind: "unchanged", size: 10_000, connections: 16 },
];

/** Miniflare keeps R2 in files of its own: what is large says nothing of R2. */
export const WORKER_WORKLOADS = WORKLOADS.filter(({ size }) => size < 10_000_000);

/** The name of the file of a size that each server has. */
export function fileName(size: number): string {
	return `file-${size}.txt`;
}
