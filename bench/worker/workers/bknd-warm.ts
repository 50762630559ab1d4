// bknd's Worker with the option that keeps the app of the first request.

import { serve } from "bknd/adapter/cloudflare";

import { config } from "./bknd-config.ts";

export default serve(config, () => ({ warm: true }));
