export type { CopyColumn, CopyType } from "./copy-type.js";
export { copyType } from "./copy-type.js";
export { CopyDecoder, columnTypeOf, type DecodedColumn } from "./decoder.js";
export { pgcopy } from "./file-format.js";
export { readStreamHead, type StreamHead } from "./stream-head.js";
