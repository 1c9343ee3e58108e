export type * from "./contract/index.js";
export * from "./errors/index.js";

export { base64Length, decodeBase64, encodeBase64, encodeBase64Into } from "./hash/base64.js";
export { digestText } from "./hash/digest.js";
export { Sha3, Shake128Stream, sha3_256, shake128, shake128Into } from "./hash/keccak.js";
