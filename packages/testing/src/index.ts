export * from "./faults/index.js";
export * from "./memory-destination/index.js";
