export type { FilesystemConfig } from "./config.js";
export { type FilesystemOptions, filesystem } from "./destination.js";
export type { DatetimeSource } from "./layout/datetime.js";
export type { ExtraPlaceholders, PlaceholderFile, PlaceholderValue } from "./layout/placeholders.js";
