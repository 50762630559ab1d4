export { createLogger } from "./logger.ts";
export { openDatabase } from "./open-database.ts";
export { nodePlatform } from "./platform.ts";
export { serve } from "./serve.ts";

export type { LoggerOptions, NodeLogger } from "./logger.ts";
export type { DatabaseConnection, OpenDatabaseOptions } from "./open-database.ts";
export type { NodePlatformOptions } from "./platform.ts";
export type { CloseReport } from "./process-handlers.ts";
export type { RunningServer, ServeOptions } from "./serve-options.ts";
