// Titles and explanations of all error codes: for references and tools, so that programs do not carry them.
export { errorCatalogue } from "./errors/catalogue.js";
export type { ErrorEntry } from "./errors/error-entry.js";
export { registeredErrors } from "./errors/register-errors.js";
