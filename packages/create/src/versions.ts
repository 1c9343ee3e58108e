import { readFileSync } from "node:fs";

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = readJson<Manifest>("../package.json");

/** The version of this package. */
export const createVersion: string = manifest.version;

/**
 * Ranges of packages for a new `package.json`, e.g. `{ vitest: "^4.1.0" }`, by name. This package was tested with what it has among its
 * `devDependencies`, which publishing fills with versions; `@dlt/cli`, which depends on it, is released in the same version.
 */
export function rangesOf(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...names].sort().map((name) => [name, rangeOf(name)]));
}

function rangeOf(name: string): string {
  const range = name === "@dlt/cli" ? `^${createVersion}` : manifest.devDependencies[name];
  if (range === undefined) throw new TypeError(`No version of ${name} is known here.`);
  // In this repository what is installed says it: there are no versions in the manifest yet.
  return /^(?:workspace|catalog):/.test(range)
    ? `^${readJson<Manifest>(`../node_modules/${name}/package.json`).version}`
    : range;
}

function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as Content;
}
