import type { HeaderValues } from "./headers.js";
import type { Params, ParamValue } from "./params.js";

/** A form, pairs of one, or a body that is sent as it is. */
export type RequestData = Params | readonly (readonly [string, ParamValue])[] | string | Uint8Array;

/** What is asked for, before it is put into the form that is sent: what paginators change from page to page. */
export interface PageRequest {
  readonly method: string;
  /** Absolute, with the query that it came with. */
  readonly url: string;
  readonly params: Params;
  readonly headers: HeaderValues;
  /** The body as JSON; undefined for none. */
  readonly json: unknown;
  readonly data: RequestData | undefined;
}

/** A request with a parameter of the query set. */
export function withParam(request: PageRequest, name: string, value: ParamValue): PageRequest {
  return { ...request, params: { ...request.params, [name]: value } };
}

/** A request with a value in its JSON body: `("filter.page", 2)`. Objects on the way are made where they are missing. */
export function withBodyValue(request: PageRequest, path: string, value: unknown): PageRequest {
  return { ...request, json: withMember(request.json, path.split("."), value) };
}

/** A request to another address, with the parameters of that address only. */
export function withUrl(request: PageRequest, url: string): PageRequest {
  return { ...request, url, params: {} };
}

function withMember(object: unknown, [key = "", ...rest]: readonly string[], value: unknown): unknown {
  const members = typeof object === "object" && object !== null && !Array.isArray(object) ? object : {};
  const member = (members as Readonly<Record<string, unknown>>)[key];
  return { ...members, [key]: rest.length === 0 ? value : withMember(member, rest, value) };
}
