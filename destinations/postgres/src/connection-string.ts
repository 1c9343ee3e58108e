import { invalidCredentials } from "./credentials.js";

/** Names of libpq for what has another name here. */
const names: Readonly<Record<string, string>> = {
  host: "host",
  hostaddr: "host",
  port: "port",
  dbname: "database",
  user: "username",
  password: "password",
  connect_timeout: "connectTimeout",
  sslmode: "sslmode",
  channel_binding: "channelBinding",
  sslrootcert: "sslrootcert",
  sslcert: "sslcert",
  sslkey: "sslkey",
  application_name: "applicationName",
  options: "options",
};

/**
 * The parts of `postgresql://user:password@host:port/database?sslmode=require`. The folder of a socket stands percent-encoded for the
 * host, or in the query: `postgresql:///database?host=/var/run/postgresql`. `postgresql+psycopg2://` counts too.
 * @throws ConfigError `DESTINATION_CREDENTIALS_INVALID`, without showing the string
 */
export function parseConnectionString(text: string): Readonly<Record<string, unknown>> {
  const url =
    /^postgres(?:ql)?(?:\+\w+)?:\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?(\[[^\]]*\]|[^:/?@[\]]*)(?::(\d*))?(?:\/([^?@]*))?(?:\?(.*))?$/s.exec(
      text.trim(),
    );
  if (url === null)
    throw invalidCredentials("are no connection string of PostgreSQL, or a character in it is not percent-encoded");
  const [, username, password, host, port, database, query = ""] = url;
  const parts: Record<string, unknown> = {};
  const set = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== "") parts[name] = isNumber(name) ? numberOf(name, value) : value;
  };
  set("username", decoded(username));
  set("password", decoded(password)?.trim());
  set("host", decoded(host)?.replace(/^\[(.*)\]$/, "$1"));
  set("port", port);
  set("database", decoded(database));
  for (const [key, value] of new URLSearchParams(query)) {
    if (key === "client_encoding") {
      if (/^utf-?8$/i.test(value)) continue;
      throw invalidCredentials("ask for another `client_encoding` than UTF-8, which is always used");
    }
    const name = names[key];
    if (name === undefined) throw invalidCredentials(unknownOption(key));
    set(name, value);
  }
  return parts;
}

/** What is no word may be what follows a question mark in a password. */
function unknownOption(key: string): string {
  return /^\w+$/.test(key)
    ? `have an option \`${key}\` in the connection string that is not known`
    : "have something behind a question mark that is no option; write the character as `%3F`";
}

function isNumber(name: string): boolean {
  return name === "port" || name === "connectTimeout";
}

function numberOf(name: string, value: string): number {
  if (!/^\d+$/.test(value)) throw invalidCredentials(`need a number for \`${name}\``);
  return Number(value);
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidCredentials("have a percent sign in them that is not followed by two digits; write it as `%25`");
  }
}
