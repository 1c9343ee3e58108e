import type { Auth, PaginateOptions, PaginatorOption, ResponseAction, RestClientOptions } from "../../src/index.js";
import { apiKey, bearer, httpBasic, oauth2ClientCredentials } from "../../src/index.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** A case: a declarative source, what its API answers, and what Python dlt asked and got. */
export interface Scenario {
  readonly id: string;
  readonly quirk?: string;
  readonly config: {
    readonly client: JsonObject;
    readonly resources: readonly (string | JsonObject)[];
    readonly resource_defaults?: JsonObject;
  };
  readonly watch_headers?: readonly string[];
  readonly runs: readonly { readonly mock: readonly MockAnswer[]; readonly expect: Expected }[];
}

export interface MockAnswer {
  readonly method?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly absent?: readonly string[];
  readonly body_has?: JsonObject;
  readonly needs_headers?: Readonly<Record<string, string>>;
  readonly times?: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

export interface Expected {
  readonly error: readonly string[] | null;
  readonly phase?: "build" | "run";
  readonly requests: readonly ExpectedRequest[];
  readonly rows: Readonly<Record<string, readonly unknown[]>>;
}

export interface ExpectedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A list of a case, as the client is asked for it. */
export interface Endpoint {
  readonly name: string;
  readonly path: string;
  readonly options: PaginateOptions;
}

/** Types of authentication are names in declarations only. */
const unknownAuth = /"auth":\s*(?:"|\{[^}]*"type":\s*"(?!bearer|api_key|http_basic|oauth2_client_credentials))/;

/**
 * The lists of a case, and `null` where it has what only the declarative source knows: parents, placeholders, cursors, merged defaults.
 */
export function endpointsOf({ config }: Scenario): readonly Endpoint[] | null {
  const text = JSON.stringify(config);
  if (config.resource_defaults !== undefined || unknownAuth.test(text)) return null;
  if (/[{][{a-z]|"(?:resolve|incremental|include_from_parent|processing_steps)"/.test(text)) return null;
  return config.resources.map((given) => {
    const { name, endpoint = {} } = (typeof given === "string" ? { name: given } : given) as {
      name: string;
      endpoint?: unknown;
    };
    const settings = (typeof endpoint === "string" ? { path: endpoint } : endpoint) as JsonObject;
    const {
      path = name,
      method,
      params,
      headers,
      json,
      data,
      paginator,
      data_selector,
      response_actions,
      auth,
    } = settings;
    const options = {
      ...{ method, params, headers, json, data },
      ...(paginator !== undefined && { paginator: paginatorOption(paginator) }),
      ...(data_selector !== undefined && { dataSelector: data_selector }),
      ...(response_actions !== undefined && {
        responseActions: (response_actions as JsonObject[]).map(camelKeys) as unknown as ResponseAction[],
      }),
      ...(auth !== undefined && { auth: authOf(auth as JsonObject) }),
    } as unknown as PaginateOptions;
    return { name, path: path as string, options };
  });
}

/** The options of the client, with the address of the server in place of the one in the case. */
export function clientOptions({ config }: Scenario, url: string): RestClientOptions {
  const { base_url, headers, auth, paginator, ...others } = config.client;
  const moved = (text: string) => text.replaceAll("http://api.test", url);
  return {
    ...camelKeys(others),
    baseUrl: moved(base_url as string),
    headers: headers as Record<string, string>,
    ...(auth !== undefined && { auth: authOf(JSON.parse(moved(JSON.stringify(auth))) as JsonObject) }),
    ...(paginator !== undefined && { paginator: paginatorOption(paginator) }),
  };
}

function authOf({ type = "bearer", ...fields }: JsonObject): Auth {
  const options = camelKeys(fields);
  switch (type) {
    case "bearer":
      return bearer(options["token"] as string);
    case "api_key":
      return apiKey(options as never);
    case "http_basic":
      return httpBasic(options as never);
    case "oauth2_client_credentials":
      return oauth2ClientCredentials(options as never);
    default:
      throw new TypeError(`No authentication \`${type}\`.`);
  }
}

function paginatorOption(paginator: unknown): PaginatorOption {
  return (typeof paginator === "string" ? paginator : camelKeys(paginator as JsonObject)) as PaginatorOption;
}

/** `next_url_path` → `nextUrlPath`, for the keys of an object. */
function camelKeys(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
