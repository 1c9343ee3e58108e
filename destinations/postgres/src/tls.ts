import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { ConfigError } from "@dlt/core";
import type { PostgresCredentials } from "./credentials.js";

/** How to connect, in the order to try: without TLS (`false`), or with it. */
export function tlsAttempts(credentials: PostgresCredentials): readonly (ConnectionOptions | false)[] {
  const { host, sslmode, sslrootcert } = credentials;
  // Sockets never leave the machine.
  if (host.startsWith("/") || sslmode === "disable") return [false];
  const own = ownCertificate(credentials);
  const trusted =
    sslrootcert === undefined || sslrootcert === "system" ? {} : { ca: certificate("sslrootcert", sslrootcert) };
  const unchecked = { ...own, rejectUnauthorized: false };
  const checked = { ...own, ...trusted, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  switch (sslmode) {
    case "allow":
      return [false, unchecked];
    case "prefer":
      return [unchecked, false];
    case "require":
      // As libpq has it: whoever names certificates wants them to be looked at.
      return [sslrootcert === undefined ? unchecked : checked];
    case "verify-ca":
      return [checked];
    case "verify-full":
      return [{ ...own, ...trusted, rejectUnauthorized: true }];
  }
}

/** True when the next way to connect may do where this one did not. */
export function isAboutTls(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The server asks for TLS, or for none, in its rules of access.
  return /does not support SSL/.test(error.message) || ("code" in error && error.code === "28000");
}

function ownCertificate({ sslcert, sslkey }: PostgresCredentials): ConnectionOptions {
  if (sslcert === undefined && sslkey === undefined) return {};
  if (sslcert === undefined || sslkey === undefined) {
    throw new ConfigError(
      "DESTINATION_CREDENTIALS_INVALID",
      "The credentials of `postgres` have one of `sslcert` and `sslkey`, which only go together.",
      { hint: "Give the paths of both, or of none." },
    );
  }
  return { cert: certificate("sslcert", sslcert), key: certificate("sslkey", sslkey) };
}

function certificate(field: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ConfigError(
      "DESTINATION_CREDENTIALS_INVALID",
      `The file \`${path}\` that \`${field}\` of \`postgres\` names cannot be read.`,
      {
        hint: "Give the path of a file in PEM form, from the working folder or absolute.",
        context: { field, path },
        cause,
      },
    );
  }
}
