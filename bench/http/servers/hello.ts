import { serve } from "@hono/node-server";
import { Hono } from "hono";

import { answerUsage, serverSettings } from "./process-side.ts";

answerUsage();
const app = new Hono();
app.get("/", (c) => c.json({ hello: "world" }));
serve({ fetch: app.fetch, ...serverSettings() });
