// Burdock's own routes of files as a Worker, over R2.

import { serve } from "burdock/cloudflare";
import { media, mediaLibrary } from "burdock/media";

export default serve({
	connection: { d1: "DB" },
	schema: { media },
	media: mediaLibrary({ r2: "BUCKET" }),
	server: { access: "open" },
});
