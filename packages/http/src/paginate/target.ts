import { optionInvalid } from "../errors.js";
import { type PageRequest, withBodyValue, withParam } from "../request/page-request.js";

/** Puts a value into a request. */
export type Target = (request: PageRequest, value: string | number | boolean | bigint) => PageRequest;

/**
 * Where a value of a paginator goes: a query parameter or a place in the JSON body.
 * @throws SourceError `PAGINATOR_OPTION_INVALID` when both are given, or the one is empty
 */
export function oneTarget<Param extends string, BodyPath extends string>(
  options: { readonly [Key in Param | BodyPath]?: string | null | undefined },
  { param, bodyPath, usual }: { readonly param: Param; readonly bodyPath: BodyPath; readonly usual: string },
): Target {
  const name = options[param] ?? null;
  const path = options[bodyPath] ?? null;
  const code = "PAGINATOR_OPTION_INVALID";
  if (name !== null && path !== null)
    throw optionInvalid(param, `left out, as there is \`${bodyPath}\``, { given: name, code });
  if (name === "") throw optionInvalid(param, "the name of a parameter", { given: name, code });
  if (path === "") throw optionInvalid(bodyPath, "a place in the body", { given: path, code });
  if (path !== null) return (request, value) => withBodyValue(request, path, value);
  return (request, value) => withParam(request, name ?? usual, value);
}
