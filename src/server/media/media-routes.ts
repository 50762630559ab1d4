/** Placeholder until the real one is written. */
export class MediaRoutes {
	operations = {};
	tags = [];
	constructor(_: unknown) {}
	mount(): void {}
}
