import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ConfigPath, ConfigProvider } from "./config-provider.js";

export interface EnvironmentOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where Docker and Kubernetes put secrets as files. Default: `/run/secrets`. */
  readonly secretsDir?: string;
}

/**
 * Environment variables: the parts of a path in upper case, joined with `__`. A secret is first looked for as a file,
 * e.g. `/run/secrets/sources--github--token`, or the file of that name in a folder of that name.
 */
export function environmentProvider(options: EnvironmentOptions): ConfigProvider {
  return providerOf(options, () => Object.keys(options.env));
}

/** `names`: those of the variables there are. */
function providerOf(options: EnvironmentOptions, names: () => readonly string[]): ConfigProvider {
  const { env, secretsDir = "/run/secrets" } = options;
  return {
    name: "Environment Variables",
    holdsSecrets: true,
    get isEmpty() {
      return names().length === 0;
    },
    locations: [],
    keyOf: variableName,
    find(path, { secret, nested }) {
      const name = variableName(path);
      const value = (secret ? secretFile(secretsDir, name) : undefined) ?? env[name];
      return value === undefined && nested ? variablesBelow(env, names(), `${name}__`) : value;
    },
    keysAt(path) {
      const prefix = path.length === 0 ? "" : `${variableName(path)}__`;
      const below = names().filter((name) => name.startsWith(prefix) && (prefix !== "" || name.includes("__")));
      return [...new Set(below.map((name) => name.slice(prefix.length).split("__", 1)[0]?.toLowerCase() ?? ""))];
    },
    listed() {
      // Listing the environment of a process takes a call of the system for each variable.
      const now = names();
      return providerOf(options, () => now);
    },
  };
}

function variableName(path: ConfigPath): string {
  return path
    .filter((part) => part !== "")
    .join("__")
    .toUpperCase();
}

function secretFile(secretsDir: string, variable: string): string | undefined {
  const name = variable.toLowerCase().replaceAll("_", "-");
  const path = join(secretsDir, name);
  try {
    const file = statSync(path).isDirectory() ? join(path, name) : path;
    // Tools that write such files often end them with a line break.
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}

/** `{ a: "1", b: { c: "2" } }` from `<prefix>A=1` and `<prefix>B__C=2`; `undefined` when there are none. */
function variablesBelow(
  env: EnvironmentOptions["env"],
  names: readonly string[],
  prefix: string,
): Readonly<Record<string, unknown>> | undefined {
  const found: NestedValues = Object.create(null);
  // Reading a variable of a process takes a call of the system: those of other names are left alone.
  for (const name of names) {
    const value = name.startsWith(prefix) ? env[name] : undefined;
    if (value === undefined) continue;
    const parts = name.slice(prefix.length).toLowerCase().split("__");
    const key = parts.pop();
    if (key === undefined || key === "" || parts.includes("")) continue;
    let target = found;
    for (const part of parts) {
      const inner = target[part];
      const below: NestedValues = typeof inner === "object" ? inner : Object.create(null);
      target[part] = below;
      target = below;
    }
    target[key] ??= value;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

interface NestedValues {
  [key: string]: string | NestedValues;
}
