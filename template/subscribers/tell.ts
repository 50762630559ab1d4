import type { Handler, SubscriberConfig } from "burdock";

export const config: SubscriberConfig = { events: "data.posts.insert.after" };

/** An async listener, the default, runs after the response has left. */
export const listen: Handler = (event, _slug, { log }) => {
	log.info("A post was written.", { path: event.path });
};
