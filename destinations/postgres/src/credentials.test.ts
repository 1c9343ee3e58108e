import { isDltError, isSecret } from "@dlt/core";
import { describe, expect, it } from "vitest";
import { parseConnectionString } from "./connection-string.js";
import { credentialsField, displayLocation } from "./credentials.js";
import { parseCsvFormat } from "./csv-format.js";

function refusal(work: () => unknown): readonly [code: string, message: string] {
  try {
    work();
  } catch (error) {
    if (isDltError(error)) return [error.code, error.message];
    throw error;
  }
  throw new Error("Nothing was refused.");
}

describe("a connection string", () => {
  it.each<[text: string, parts: Readonly<Record<string, unknown>>]>([
    [
      "postgresql://loader:secret@db.example.com:5433/shop?connect_timeout=15&sslmode=require",
      {
        username: "loader",
        password: "secret",
        host: "db.example.com",
        port: 5433,
        database: "shop",
        connectTimeout: 15,
        sslmode: "require",
      },
    ],
    ["postgres://u@h/d", { username: "u", host: "h", database: "d" }],
    ["postgresql+psycopg2://u@h/d", { username: "u", host: "h", database: "d" }],
    ["postgresql://u%40x:p%2F%3A%20@h/d%20e", { username: "u@x", password: "p/:", host: "h", database: "d e" }],
    ["postgresql://u: p @h/d", { username: "u", password: "p", host: "h", database: "d" }],
    ["postgresql:///d?host=/var/run/postgresql&user=u", { host: "/var/run/postgresql", username: "u", database: "d" }],
    ["postgresql://u@%2Fvar%2Frun/d", { username: "u", host: "/var/run", database: "d" }],
    ["postgresql://u@[::1]:5432/d", { username: "u", host: "::1", port: 5432, database: "d" }],
    ["postgresql://h", { host: "h" }],
    [
      "postgresql://h/d?options=-c%20statement_timeout%3D60000",
      { host: "h", database: "d", options: "-c statement_timeout=60000" },
    ],
    ["postgresql://h/d?client_encoding=utf8&application_name=x", { host: "h", database: "d", applicationName: "x" }],
    [
      "postgresql://h/d?sslrootcert=a.pem&sslcert=b.pem&sslkey=c.pem",
      { host: "h", database: "d", sslrootcert: "a.pem", sslcert: "b.pem", sslkey: "c.pem" },
    ],
  ])("%s", (text, parts) => {
    expect(parseConnectionString(text)).toEqual(parts);
  });

  it.each([
    "mysql://u:hidden@h/d",
    "postgresql://u:hidden@h:port/d",
    "postgresql://u:hidden/slash@h/d",
    "postgresql://u:hidden%@h/d",
    "postgresql://u:hidden@h/d?unknown=1",
    "postgresql://u:hidden@h/d?connect_timeout=soon",
    "postgresql://u:hidden@h/d?client_encoding=latin1",
    "postgresql://u:a@hidden@h/d",
    "postgresql://u:12/hidden@h/d",
    "postgresql://u:12?hidden@h/d",
    "hidden",
  ])("%s is refused without being shown", (text) => {
    const [code, message] = refusal(() => parseConnectionString(text));
    expect(code).toBe("DESTINATION_CREDENTIALS_INVALID");
    expect(message).not.toContain("hidden");
  });
});

describe("credentials", () => {
  it("are parts, which are looked up by themselves", () => {
    expect(Object.keys(credentialsField.fields)).toEqual([
      "host",
      "port",
      "database",
      "username",
      "password",
      "connectTimeout",
      "sslmode",
      "channelBinding",
      "sslrootcert",
      "sslcert",
      "sslkey",
      "applicationName",
      "options",
    ]);
    expect(credentialsField.parse?.({ host: "h", port: 1 })).toEqual({ host: "h", port: 1 });
  });

  it("have no settings that are not known", () => {
    const [code, message] = refusal(() => credentialsField.parse?.({ hostname: "hidden" }));
    expect(code).toBe("DESTINATION_CREDENTIALS_INVALID");
    expect(message).toContain("have no setting `hostname`; there are `host`, `port`");
    expect(message).not.toContain("hidden");
    expect(refusal(() => credentialsField.parse?.(7))[1]).toContain("are of the type `number`");
  });

  it("are shown without password and options", () => {
    const password = { "~dlt": "secret", reveal: () => "hidden" } as const;
    expect(isSecret(password)).toBe(true);
    const others = {
      connectTimeout: 1,
      sslmode: "prefer",
      channelBinding: "disable",
      applicationName: "dlt",
      options: "hidden",
    } as const;
    const files = { sslrootcert: undefined, sslcert: undefined, sslkey: undefined };
    const shown = (host: string) =>
      displayLocation({ host, port: 5432, database: "d e", username: "u@x", password, ...others, ...files });
    expect(shown("h")).toBe("postgresql://u%40x@h:5432/d%20e");
    expect(shown("::1")).toBe("postgresql://u%40x@[::1]:5432/d%20e");
    expect(shown("/var/run")).toBe("postgresql://u%40x@[/var/run]:5432/d%20e");
  });
});

describe("csvFormat", () => {
  it("is filled up with what is usual", () => {
    expect(parseCsvFormat({ delimiter: "\t" })).toEqual({ delimiter: "\t", includeHeader: true });
    expect(parseCsvFormat({ include_header: false })).toEqual({ delimiter: ",", includeHeader: false });
    expect(parseCsvFormat({ include_header: "False" })).toEqual({ delimiter: ",", includeHeader: false });
    expect(parseCsvFormat('{ "delimiter": ";" }')).toEqual({ delimiter: ";", includeHeader: true });
    const python = { quoting: "quote_all", lineterminator: "\r\n", encoding: "utf-8", on_error_continue: false };
    expect(parseCsvFormat({ delimiter: "|", ...python })).toEqual({ delimiter: "|", includeHeader: true });
  });

  it.each([
    7,
    null,
    "{",
    { delimiter: ",," },
    { delimiter: '"' },
    { delimiter: "é" },
    { includeHeader: "yes" },
    { quote: "x" },
    { encoding: "latin1" },
    { on_error_continue: true },
  ])("%o is refused", (native) => {
    expect(refusal(() => parseCsvFormat(native))[0]).toBe("CONFIG_VALUE_INVALID");
  });
});
