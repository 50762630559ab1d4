const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const TIME = "\\d{2}:\\d{2}:\\d{2}";
/** As it is written today, and as it once was (RFC 850). */
const WITH_ZONE = new RegExp(
	`^(?:${DAY}, \\d{2} ${MONTH} \\d{4}|[A-Z][a-z]{5,8}, \\d{2}-${MONTH}-\\d{2}) ${TIME} GMT$`,
);
/** As C writes it (`asctime`). */
const WITHOUT_ZONE = new RegExp(`^${DAY} ${MONTH} [ \\d]\\d ${TIME} \\d{4}$`);

/**
 * Reads a date as headers have it (RFC 9110 §5.6.7).
 * @returns Milliseconds since 1970, of a whole second; undefined for what is no such date.
 */
export function readHttpDate(text: string): number | undefined {
	const dated = WITHOUT_ZONE.test(text) ? `${text} GMT` : text;
	if (dated === text && !WITH_ZONE.test(text)) return undefined;
	const time = Date.parse(dated);
	return Number.isNaN(time) ? undefined : time;
}
