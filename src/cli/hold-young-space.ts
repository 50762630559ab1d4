import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Bytes of the space in which V8 makes objects; half of it is in use at a time. */
const ENOUGH = 16 * 2 ** 20;
const LOOK_EVERY_MS = 500;

/**
 * Holds the space for young objects at about 16 MiB. V8 doubles it, up to 128 MiB, whenever the
 * objects that outlived a collection since the last time would fill it, however few they are each
 * time: a busy server gets there without any need. How large it may become is fixed when Node
 * starts, but not the factor by which it grows. In idle times V8 makes it smaller, so the factor is
 * set back as long as there is less.
 *
 * It is a setting of the whole process, so only a process of our own has it; whoever gives Node a
 * size for that space is obeyed.
 */
export function holdYoungSpace(): void {
	const given = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""];
	if (given.some((option) => option.includes("semi-space") || option.includes("semi_space")))
		return;
	let isHeld = false;
	const look = (): void => {
		const size = getHeapSpaceStatistics().find((space) => space.space_name === "new_space");
		const hold = size !== undefined && size.space_size >= ENOUGH;
		if (hold !== isHeld) setFlagsFromString(`--semi-space-growth-factor=${hold ? 1 : 2}`);
		isHeld = hold;
	};
	look();
	setInterval(look, LOOK_EVERY_MS).unref();
}
