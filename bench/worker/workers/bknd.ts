// bknd's Worker as it comes: it makes the app anew for each request.

import { serve } from "bknd/adapter/cloudflare";

import { config } from "./bknd-config.ts";

export default serve(config);
