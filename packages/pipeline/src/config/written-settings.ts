import { ConfigError } from "@dlt/core";
import { isTable, mergeTables } from "./table-values.js";

type Table = Readonly<Record<string, unknown>>;
type FileName = "secrets.toml" | "config.toml";

/** What the program set, over what the files have. Kept in memory, and never saved. */
const nothing: Table = {};
const written: Record<FileName, Table> = { "secrets.toml": nothing, "config.toml": nothing };

export function writtenSettings(file: FileName): Table {
  return written[file];
}

/** Sets a value: an object is merged into a table that is there, without its members that are null. */
export function writeSetting(file: FileName, path: readonly string[], value: unknown): void {
  written[file] = mergeTables(tableAt(path, withoutNulls(value)), written[file]);
}

/** Forgets what the program set. */
export function forgetWritten(): void {
  written["secrets.toml"] = nothing;
  written["config.toml"] = nothing;
}

function tableAt(path: readonly string[], value: unknown): Table {
  const [key, ...rest] = path;
  if (key === undefined || key === "") {
    throw new ConfigError("CONFIG_VALUE_INVALID", "A setting without a key cannot be set.", {
      hint: "Give sections and a key, e.g. `sources.github.access_token`.",
    });
  }
  return { [key]: rest.length === 0 ? value : tableAt(rest, value) };
}

function withoutNulls(value: unknown): unknown {
  if (!isTable(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}
