import { serve } from "burdock/cloudflare";
import config from "../bknd.config.ts";

/** The app on Cloudflare Workers; see wrangler.toml. */
export default serve(config);
