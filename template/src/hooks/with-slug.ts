interface Draft {
	readonly title: string;
	readonly slug?: string | undefined;
}

/** The data of a post, with a slug made of its title unless it brings one. */
export function withSlug<Data extends Draft>(data: Data): Data {
	if (data.slug) return data;
	// A listener runs before the data is checked: the title may still be missing.
	const words = String(data.title ?? "")
		.toLowerCase()
		.match(/[\p{L}\p{N}]+/gu);
	return words ? { ...data, slug: words.join("-") } : data;
}
