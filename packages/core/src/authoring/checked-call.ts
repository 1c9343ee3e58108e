import { SourceError } from "../errors/index.js";
import { isResource, isSourceFactory } from "./brand.js";

// What the methods of a resource are called with, by code that is not type-checked.

/** @throws SourceError `RESOURCE_OPTION_INVALID` */
export function checkedFunction<Call>(call: Call, method: string, resource: string): Call {
  if (typeof call === "function") return call;
  throw invalid(`\`${method}\` of \`${resource}\` was given no function.`, resource, "Give a function of a row.");
}

/** @throws SourceError `RESOURCE_OPTION_INVALID` */
export function checkedNames(names: readonly string[], method: string, resource: string): readonly string[] {
  if (names.every((name) => typeof name === "string")) return names;
  const hint = `Give them one by one: \`${method}("a", "b")\`.`;
  throw invalid(`\`${method}\` of \`${resource}\` was given what is no name.`, resource, hint);
}

/** @throws SourceError `RESOURCE_OPTION_INVALID` */
export function checkedObject<Given>(given: Given, method: string, resource: string): Given {
  if (typeof given === "object" && given !== null) return given;
  const hint = `Give them as an object: \`${method}({ primaryKey: "id" })\`.`;
  throw invalid(`\`${method}\` of \`${resource}\` was given no hints.`, resource, hint);
}

/**
 * A function that a resource is piped to.
 * @throws SourceError `RESOURCE_NOT_A_TRANSFORMER`
 */
export function checkedPiped<Call>(next: Call, resource: string): Call {
  if (typeof next === "function" && !isResource(next) && !isSourceFactory(next)) return next;
  const given = isResource(next) ? `the resource \`${next.name}\`` : "neither a transformer nor a function";
  throw new SourceError("RESOURCE_NOT_A_TRANSFORMER", `\`pipe\` of \`${resource}\` was given ${given}.`, {
    hint: "Give what `transformer` makes, or a function of a row, which becomes a map.",
    context: { resource },
  });
}

/** True for a function that is written as a generator. */
export function isGeneratorFunction(call: object): boolean {
  const kind = Object.prototype.toString.call(call);
  return kind === "[object GeneratorFunction]" || kind === "[object AsyncGeneratorFunction]";
}

function invalid(message: string, resource: string, hint: string): SourceError {
  return new SourceError("RESOURCE_OPTION_INVALID", message, { hint, context: { resource } });
}
