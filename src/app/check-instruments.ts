/** Adds what is wrong with `events.instruments`. */
export function checkInstruments(
	{ instruments }: Readonly<Record<string, unknown>>,
	problems: string[],
): void {
	if (instruments === undefined) return;
	if (!Array.isArray(instruments)) {
		problems.push("events.instruments is not a list.");
		return;
	}
	for (const [index, instrument] of instruments.entries()) {
		if (isInstrument(instrument)) continue;
		problems.push(
			`events.instruments[${index}] is no instrument: it needs a function emit, or call.`,
		);
	}
}

function isInstrument(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return false;
	const { emit, call } = value as Readonly<Record<string, unknown>>;
	const parts = [emit, call].filter((part) => part !== undefined);
	return parts.length > 0 && parts.every((part) => typeof part === "function");
}
