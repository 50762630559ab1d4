interface Written {
	readonly body?: string;
	readonly words?: number | undefined;
}

/** The data with its words counted; unchanged when it brings no new body. */
export function withWords<Data extends Written>(data: Data): Data {
	if (typeof data.body !== "string") return data;
	return { ...data, words: data.body.match(/\S+/g)?.length ?? 0 };
}
