/**
 * Waits for all of these, at most this many milliseconds; answers how many were not done by then. It
 * never rejects: who started the work looks after its failures.
 */
export async function settled(work: Iterable<Promise<unknown>>, timeout: number): Promise<number> {
	const pending = new Set(work);
	if (pending.size === 0) return 0;
	const deadline = Promise.withResolvers<void>();
	const timer = setTimeout(deadline.resolve, timeout);
	const all = [...pending].map((one) =>
		one.then(
			() => pending.delete(one),
			() => pending.delete(one),
		),
	);
	await Promise.race([Promise.all(all), deadline.promise]);
	clearTimeout(timer);
	return pending.size;
}
