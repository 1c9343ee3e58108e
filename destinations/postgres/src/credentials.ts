import { ConfigError, type ConfigField, type FieldWithNative, type Secret, secret, setting } from "@dlt/core";
import { parseConnectionString } from "./connection-string.js";

/** Where the server is and who connects. */
export interface PostgresCredentials {
  /** Name, address, or the folder of a socket, which begins with `/`. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  /** Without one: what `~/.pgpass` says, or a method of the server that needs none. */
  readonly password: Secret | undefined;
  /** In seconds. */
  readonly connectTimeout: number;
  readonly sslmode: SslMode;
  /** Whether the login is bound to the encrypted connection, so that nobody between can pass it on. */
  readonly channelBinding: ChannelBinding;
  /** Path of the certificates that the server's has to be signed by. */
  readonly sslrootcert: string | undefined;
  /** Paths of the client's own certificate and its key. */
  readonly sslcert: string | undefined;
  readonly sslkey: string | undefined;
  readonly applicationName: string;
  /** Options for the server, e.g. `-c statement_timeout=60000`. PgBouncer takes none. */
  readonly options: string | undefined;
}

/** As in libpq: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
export type SslMode = (typeof sslModes)[number];

const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** As in libpq: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CHANNEL-BINDING */
export type ChannelBinding = (typeof channelBindings)[number];

const channelBindings = ["disable", "prefer", "require"] as const;

/** A connection string, or some of the fields; others are looked up. */
export type PostgresNativeCredentials =
  | string
  | (Partial<Omit<PostgresCredentials, "password">> & { readonly password?: Secret | string });

const fields = {
  host: setting({ default: "localhost", doc: "Name, address, or the folder of a socket." }),
  port: setting({ default: 5432 }),
  database: setting<string>(),
  username: setting<string>(),
  password: { ...secret(), optional: true },
  connectTimeout: setting({ default: 15, doc: "In seconds." }),
  sslmode: setting({ default: "prefer", validate: oneOf(sslModes) }),
  // The driver cannot do it with every certificate, so that who did not ask for it goes without.
  channelBinding: setting({ default: "disable", validate: oneOf(channelBindings) }),
  sslrootcert: setting<string>({ optional: true, doc: "Path of trusted certificates." }),
  sslcert: setting<string>({ optional: true, doc: "Path of the client's certificate." }),
  sslkey: setting<string>({ optional: true, doc: "Path of the key of the client's certificate." }),
  applicationName: setting({ default: "dlt" }),
  options: setting<string>({ optional: true, doc: "Options for the server, e.g. `-c statement_timeout=60000`." }),
} as const;

/** Each part is looked up by itself, so that the password can be kept apart from the rest. */
export const credentialsField: FieldWithNative<PostgresCredentials, PostgresNativeCredentials> & {
  readonly fields: typeof fields;
} = {
  secret: true,
  doc: "`postgresql://user:password@host:5432/database`, or its parts.",
  parse: parseCredentials,
  fields,
};

/** The parts that a native value gives. */
function parseCredentials(native: unknown): Readonly<Record<string, unknown>> {
  if (typeof native === "string") return checked(parseConnectionString(native));
  if (typeof native === "object" && native !== null) return checked({ ...native });
  throw invalidCredentials(`are of the type \`${typeof native}\``);
}

function checked(parts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const unknown = Object.keys(parts).filter((name) => !Object.hasOwn(fields, name));
  if (unknown.length > 0) {
    const known = Object.keys(fields).map((name) => `\`${name}\``);
    throw invalidCredentials(`have no setting \`${unknown[0]}\`; there are ${known.join(", ")}`);
  }
  return parts;
}

export function invalidCredentials(reason: string): ConfigError {
  return new ConfigError("DESTINATION_CREDENTIALS_INVALID", `The credentials of \`postgres\` ${reason}.`, {
    hint: 'Give a connection string: DESTINATION__POSTGRES__CREDENTIALS="postgresql://user:password@host:5432/database".',
  });
}

function oneOf<Value extends string>(
  values: readonly Value[],
): NonNullable<ConfigField<Value>["validate"]> & {
  readonly "~standard": { readonly types?: { readonly input: unknown; readonly output: Value } };
} {
  return {
    "~standard": {
      version: 1,
      vendor: "dlt",
      validate: (value: unknown) =>
        values.some((known) => known === value)
          ? { value: value as Value }
          : { issues: [{ message: `expected one of ${values.join(", ")}` }] },
    },
  };
}

/** For people, without password and options: `postgresql://user@host:5432/database`. */
export function displayLocation({ host, port, database, username }: PostgresCredentials): string {
  const place = host.startsWith("/") ? `[${host}]` : host.includes(":") ? `[${host}]` : host;
  return `postgresql://${encodeURIComponent(username)}@${place}:${port}/${encodeURIComponent(database)}`;
}
