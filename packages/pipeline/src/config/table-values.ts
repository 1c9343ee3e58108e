import { ConfigError } from "@dlt/core";
import { ownMember } from "@dlt/core/engine";
import type { ConfigPath } from "./config-provider.js";

type Table = Readonly<Record<string, unknown>>;

/** Values in tables, as a TOML file has them. */
export class TableValues {
  readonly #table: Table;

  /** @throws ConfigError `CONFIG_PROVIDER_FAILED` unless it is an object */
  constructor(table: unknown, name: string) {
    if (!isTable(table)) {
      throw new ConfigError("CONFIG_PROVIDER_FAILED", `The settings of ${name} are no object of sections.`, {
        hint: "Give nested objects, e.g. `{ sources: { github: { access_token: … } } }`.",
        context: { provider: name },
      });
    }
    this.#table = table;
  }

  /** The value at exactly this path; `undefined` when there is none, also where it is null. */
  find(path: ConfigPath): unknown {
    let value: unknown = this.#table;
    for (const part of path) {
      if (part === "") continue;
      if (!isTable(value)) return undefined;
      value = ownMember(value, part);
    }
    return value ?? undefined;
  }

  keysAt(path: ConfigPath): readonly string[] {
    const table = this.find(path);
    return isTable(table) ? Object.keys(table) : [];
  }
}

/** Tables of both, the values of the first where both have one. */
export function mergeTables(winner: Table, other: Table): Table {
  const merged = Object.assign(Object.create(null) as Record<string, unknown>, other);
  for (const [key, value] of Object.entries(winner)) {
    const below = merged[key];
    merged[key] = isTable(value) && isTable(below) ? mergeTables(value, below) : value;
  }
  return merged;
}

export function isTable(value: unknown): value is Table {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
