// Burdock's own routes of files, over a folder. `--quick`: the disk is not waited for.

import { dirname, join } from "node:path";

import { media, mediaLibrary } from "../../../dist/index.media.js";
import { fs } from "../../../dist/media/adapters/fs.js";
import { serve } from "../../../dist/runtime/node/index.js";
import { answerUsage, serverSettings } from "../../http/servers/process-side.ts";

answerUsage();
const { file, port, hostname } = serverSettings();
const store = fs(join(dirname(file), "files"), { durable: !process.argv.includes("--quick") });

await serve(
	{
		connection: { url: `file:${file}` },
		schema: { media },
		media: mediaLibrary({ store, maxSize: 200_000_000 }),
		server: { access: "open" },
	},
	{ port, host: hostname },
);
