export type { PostgresConfig } from "./config.js";
export type { ChannelBinding, PostgresCredentials, PostgresNativeCredentials, SslMode } from "./credentials.js";
export type { CsvFormat } from "./csv-format.js";
export type { PostgresOptions } from "./destination.js";
export { postgres } from "./destination.js";
