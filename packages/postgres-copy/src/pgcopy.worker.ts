import type { FileFormat } from "@dlt/core";
import { pgcopy } from "./file-format.js";

/** The format, for threads that encode its files. */
export const fileFormat: FileFormat = pgcopy();
