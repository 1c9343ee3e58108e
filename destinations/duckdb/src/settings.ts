import { quote, standardText } from "@dlt/sql";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { DuckdbCredentials, DuckdbSettings } from "./credentials.js";
import { driverMessage } from "./errors.js";

/** True for settings that DuckDB takes only where a database is opened. */
export function isForOpening(name: string): boolean {
  return ["custom_user_agent", "allow_unsigned_extensions", "allow_community_extensions"].includes(name);
}

/** Options to open a database with, as the driver takes them. */
export function openingOptions({ readOnly, globalConfig }: DuckdbCredentials): Record<string, string> {
  const options = Object.entries(globalConfig).filter(([name]) => isForOpening(name));
  return {
    ...Object.fromEntries(options.map(([name, value]) => [name, String(value)])),
    ...(readOnly && { access_mode: "READ_ONLY" }),
  };
}

/**
 * Loads the extensions, and brings the database to its settings. Those that are about extensions come first: they say where extensions
 * are, and the others may be settings of an extension.
 */
export async function applySettings(
  connection: DuckDBConnection,
  { extensions, globalConfig }: Pick<DuckdbCredentials, "extensions" | "globalConfig">,
): Promise<void> {
  const settings = Object.entries(globalConfig).filter(([name]) => !isForOpening(name));
  const isAboutExtensions = (name: string): boolean => name.includes("extension");
  for (const [name, value] of settings) if (isAboutExtensions(name)) await connection.run(set("GLOBAL", name, value));
  for (const extension of extensions) await loadExtension(connection, extension);
  for (const [name, value] of settings) if (!isAboutExtensions(name)) await connection.run(set("GLOBAL", name, value));
}

/** What is run on each connection. */
export function connectionStatements({ pragmas, localConfig }: DuckdbCredentials): readonly string[] {
  return [
    ...pragmas.map((pragma) => `PRAGMA ${pragma}`),
    ...Object.entries(localConfig).map(([name, value]) => set("SESSION", name, value)),
  ];
}

/** Text in quotes; numbers, true and false as they are. */
export function settingText(value: DuckdbSettings[string]): string {
  return typeof value === "string" ? quote(standardText, value) : String(value);
}

function set(scope: "GLOBAL" | "SESSION", name: string, value: DuckdbSettings[string]): string {
  return `SET ${scope} ${name} = ${settingText(value)}`;
}

/** `INSTALL` would download one that is built in, too. */
async function loadExtension(connection: DuckDBConnection, name: string): Promise<void> {
  try {
    await connection.run(`LOAD ${name}`);
  } catch (error) {
    if (!/Extension ".*" not found/.test(driverMessage(error))) throw error;
    await connection.run(`INSTALL ${name}`);
    await connection.run(`LOAD ${name}`);
  }
}
