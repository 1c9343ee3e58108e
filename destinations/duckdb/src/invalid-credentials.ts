import { ConfigError } from "@dlt/core";

/** `reason` continues "The credentials of `duckdb`", and shows no value. */
export function invalidCredentials(reason: string): ConfigError {
  return new ConfigError("DESTINATION_CREDENTIALS_INVALID", `The credentials of \`duckdb\` ${reason}.`, {
    hint: 'Give the path of a file: DESTINATION__DUCKDB__CREDENTIALS="data/my.duckdb".',
  });
}
