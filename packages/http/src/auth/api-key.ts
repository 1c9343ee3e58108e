import { optionInvalid } from "../errors.js";
import { setHeader } from "../request/headers.js";
import { revealed, type SecretText } from "../secrets.js";
import type { Auth, AuthorizedRequest } from "./auth.js";

export interface ApiKeyOptions {
  readonly apiKey: SecretText;
  /** Of the header, parameter or cookie. Default: `Authorization`. */
  readonly name?: string;
  /** `param` is another word for `query`. Default: `header`. */
  readonly location?: "header" | "query" | "param" | "cookie";
}

/**
 * A key that is sent as it is with every request.
 * @throws SourceError `HTTP_OPTION_INVALID`
 */
export function apiKey({ apiKey, name = "Authorization", location = "header" }: ApiKeyOptions): Auth {
  if (!Object.hasOwn(places, location))
    throw optionInvalid("location", "`header`, `query`, `param` or `cookie`", { given: location });
  const place = places[location];
  return { apply: (request) => place(request, name, revealed(apiKey)) };
}

type Place = (request: AuthorizedRequest, name: string, key: string) => void;

const inQuery: Place = ({ url }, name, key) => url.searchParams.set(name, key);

const places: Readonly<Record<NonNullable<ApiKeyOptions["location"]>, Place>> = {
  header: ({ headers }, name, key) => setHeader(headers, name, key),
  query: inQuery,
  param: inQuery,
  cookie: ({ headers }, name, key) => {
    const others = headers.get("cookie");
    setHeader(headers, "cookie", `${others === null ? "" : `${others}; `}${name}=${key}`);
  },
};
