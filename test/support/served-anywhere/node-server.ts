import { serve } from "burdock/node";
import config from "./bknd.config.ts";

const { url } = await serve(config, { port: Number(process.argv[2]) });
console.log(`answers at ${url}`);
