import {
  ConfigError,
  type ConfigGroup,
  type ConfigSpec,
  type FieldWithNative,
  type Secret,
  secret,
  setting,
} from "@dlt/core";
import { ownMember, setOwnMember } from "@dlt/core/engine";

/** What `scheme://user:password@host:port/database?query` says. Parts that it does not have are absent. */
export interface ConnectionParts {
  readonly drivername?: string;
  readonly username?: string;
  readonly password?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  /** A key that is repeated has a list. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
}

const grammar =
  /^([\w+]+):\/\/(?:([^:/?]*?)(?::([^@]*))?@)?(?:\[([^\]]*)\]|([^:/?@]*))(?::(\d*))?(?:\/([^?]*))?(?:\?(.*))?$/s;

/**
 * Takes a connection string apart. User and password are percent-decoded, host and database are not; blank values of the query are
 * left out.
 * @throws ConfigError `CONNECTION_STRING_INVALID`, which does not show the text
 */
export function parseConnectionString(text: string): ConnectionParts {
  const match = grammar.exec(text.trim());
  if (match === null) throw invalidConnectionString();
  const [, drivername, username, password, address, name, port, database, queryText = ""] = match;
  const parts = {
    drivername,
    username: decoded(username),
    password: decoded(password),
    host: address ?? name,
    port: port ? Number(port) : undefined,
    database,
    query: queryOf(queryText),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined && part !== ""));
}

/** For people: without password and query, e.g. `postgresql://loader:***@localhost:5432/dlt_data`. */
export function displayConnection(parts: ConnectionParts | ConnectionCredentials): string {
  const { drivername = "", username, password, host = "", port, database } = parts;
  const user = username === undefined ? "" : `${encodeURIComponent(username)}${password === undefined ? "" : ":***"}@`;
  const place = host.includes(":") ? `[${host}]` : host;
  return `${drivername}://${user}${place}${port === undefined ? "" : `:${port}`}${database === undefined ? "" : `/${database}`}`;
}

/** Settings of a connection, each of which can be looked up by itself. */
export interface ConnectionCredentials {
  readonly drivername: string;
  readonly database: string | undefined;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly query: Readonly<Record<string, unknown>>;
}

export interface ConnectionOptions<Required extends string> {
  /** Schemes that are taken, without what follows a `+`: `["mysql", "mariadb"]`. The first is the default. */
  readonly drivers: readonly [string, ...string[]];
  readonly port?: number;
  /** Parts that a connection needs. */
  readonly required?: readonly Required[];
  readonly doc?: string;
}

type Part = "database" | "username" | "password" | "host";
type With<Required extends string> = ConnectionCredentials & {
  readonly [Name in Required & Part]: NonNullable<ConnectionCredentials[Name]>;
};

/**
 * Credentials of a database: a connection string, or its parts, which are looked up below the name of the field: a password may stand
 * elsewhere than the rest.
 */
export function connection<Required extends Part = never>(
  options: ConnectionOptions<Required>,
): ConfigGroup<With<Required>> & FieldWithNative<With<Required>, string | ConnectionParts> {
  const { drivers, port, required = [], doc } = options;
  const needs = (part: Part) => (required as readonly Part[]).includes(part);
  const text = (part: Part) => (needs(part) ? setting({ type: "text" }) : setting({ type: "text", optional: true }));
  const fields: ConfigSpec = {
    drivername: setting({ type: "text", default: drivers[0] }),
    database: text("database"),
    username: text("username"),
    password: needs("password") ? secret() : secret({ optional: true }),
    host: text("host"),
    port: setting({ type: "integer", ...(port === undefined ? { optional: true } : { default: port }) }),
    query: setting({ type: "object", default: {} }),
  };
  return {
    secret: true,
    ...(doc !== undefined && { doc }),
    fields,
    parse: (native) => {
      if (typeof native === "object" && native !== null) return native;
      if (typeof native !== "string") throw invalidConnectionString();
      const parts = parseConnectionString(native);
      const driver = parts.drivername?.split("+", 1)[0] ?? "";
      if (drivers.includes(driver)) return { ...parts, password: parts.password?.trim() };
      throw invalidConnectionString(drivers);
    },
  };
}

function queryOf(text: string): ConnectionParts["query"] {
  const query: Record<string, string | readonly string[]> = {};
  for (const pair of text.split("&")) {
    const at = pair.indexOf("=");
    const key = decoded((at === -1 ? pair : pair.slice(0, at)).replaceAll("+", " ")) ?? "";
    const value = at === -1 ? "" : (decoded(pair.slice(at + 1).replaceAll("+", " ")) ?? "");
    if (key === "" || value === "") continue;
    const before = ownMember(query, key);
    setOwnMember(query, key, before === undefined ? value : [before, value].flat());
  }
  return Object.keys(query).length === 0 ? undefined : query;
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidConnectionString();
  }
}

function invalidConnectionString(drivers?: readonly string[]): ConfigError {
  const form = `${drivers?.[0] ?? "driver"}://username:password@host:port/database`;
  return new ConfigError(
    "CONNECTION_STRING_INVALID",
    drivers === undefined
      ? "A connection string cannot be read."
      : `A connection string is for another kind of database than ${drivers.map((driver) => `\`${driver}\``).join(", ")}.`,
    {
      hint: `Give \`${form}\`; write \`@\`, \`:\`, \`/\` and \`%\` in user and password percent-encoded, e.g. \`%40\`.`,
    },
  );
}
