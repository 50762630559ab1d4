/**
 * A filter as it may be sent. JSON leaves out what is undefined, and the filter would hold for more
 * rows than was meant: a delete for all of them.
 * @throws TypeError naming what is undefined.
 */
export function definedWhere<Filter>(where: Filter, path = "where"): Filter {
	if (typeof where !== "object" || where === null || ArrayBuffer.isView(where)) return where;
	for (const [name, value] of Object.entries(where)) {
		const here = `${path}.${name}`;
		if (value === undefined) {
			throw new TypeError(`${here} is undefined: leave it out, or write null.`);
		}
		definedWhere(value, here);
	}
	return where;
}
