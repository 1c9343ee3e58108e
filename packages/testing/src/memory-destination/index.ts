export { type MemoryDatabase, type MemoryRow, memoryDatabase } from "./memory-database.js";
export { type MemoryDestinationOptions, memoryDestination } from "./memory-destination.js";
