interface Titled {
	readonly title: string;
	readonly slug?: string | undefined;
}

/**
 * The data with a slug made of its title: `Käfer & Co.` → `kafer-co`. A slug that was given stays,
 * and so does a title of which nothing would be left.
 *
 * Only for inserts: an address that has been published should outlive a corrected title.
 */
export function withSlug<Data extends Titled>(data: Data): Data {
	// A Before hook sees the input before required fields are checked.
	if (data.slug || typeof data.title !== "string") return data;
	const slug = slugify(data.title);
	return slug ? { ...data, slug } : data;
}

function slugify(title: string): string {
	return title
		.normalize("NFKD")
		.replace(/[\u0300-\u036f'’]/g, "")
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.slice(0, 80)
		.replace(/^-|-$/g, "");
}
