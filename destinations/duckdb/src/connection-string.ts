import { invalidCredentials } from "./invalid-credentials.js";

/**
 * The settings of `duckdb:///relative.duckdb`, `duckdb:////absolute.duckdb`, with `?read_only=true&extensions=httpfs`; any other text
 * is a path. Lists have each of their values as a parameter, objects are JSON.
 * @throws ConfigError `DESTINATION_CREDENTIALS_INVALID`, without showing the text
 */
export function parseConnectionString(text: string): Readonly<Record<string, unknown>> {
  const scheme = /^([a-z][\w+.-]*):/i.exec(text)?.[1];
  if (scheme === "md" || scheme === "motherduck")
    throw invalidCredentials("name a MotherDuck database, which is not a file");
  const url = /^duckdb:\/\/\/?([^?]*)(?:\?(.*))?$/.exec(text);
  // Neither is a path that anyone means, and both may hold a password, which the path of a file is shown with.
  if (url === null && /^[a-z][\w+.-]*:\/\//i.test(text))
    throw invalidCredentials("are an address of something else than DuckDB");
  if (url === null && text.trimStart().startsWith("{")) return objectOf(text);
  if (url === null) return { database: text };
  const [, database = "", query = ""] = url;
  return { ...(database !== "" && { database }), ...settingsOf(new URLSearchParams(query)) };
}

function settingsOf(query: URLSearchParams): Readonly<Record<string, unknown>> {
  const settings: Record<string, unknown> = {};
  for (const name of query.keys()) {
    const values = query.getAll(name).filter((value) => value !== "");
    if (values.length > 0) settings[name] = isList(name) && values.every(isNoList) ? values : values.at(-1);
  }
  return settings;
}

const isList = (name: string): boolean => name === "extensions" || name === "pragmas";
const isNoList = (value: string): boolean => !value.startsWith("[");

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidCredentials("look like an object in JSON, and are not valid JSON");
  }
}
