import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ErrorEntry } from "@dlt/core";
import { registeredErrors } from "@dlt/core/error-catalogue";

/** What the connectors of a project have registered, by code; and those that could not be imported to ask them. */
export interface ConnectorErrors {
  readonly entries: Readonly<Record<string, ErrorEntry>>;
  readonly unasked: readonly string[];
}

/** Imports the connectors that the `package.json` of a folder names, because they register their codes then. */
export async function connectorErrors(folder: string): Promise<ConnectorErrors> {
  const { packageEntry } = await import("@dlt/pipeline");
  const manifest = join(folder, "package.json");
  const unasked: string[] = [];
  for (const name of connectorsIn(manifest)) {
    try {
      const entry = packageEntry(name, manifest);
      if (entry === null) unasked.push(name);
      else await import(pathToFileURL(entry).href);
    } catch {
      // A connector that is broken says so where it is used; here the others are asked.
      unasked.push(name);
    }
  }
  return { entries: registeredErrors(), unasked };
}

/** Packages whose names are those of connectors, e.g. `@dlt/source-github`, `dlt-destination-acme`, `@acme/dlt-source-acme`. */
function connectorsIn(manifest: string): readonly string[] {
  let found: { readonly dependencies?: object; readonly devDependencies?: object };
  try {
    found = JSON.parse(readFileSync(manifest, "utf8")) as typeof found;
  } catch {
    return [];
  }
  const names = Object.keys({ ...found.dependencies, ...found.devDependencies });
  return names.filter((name) => /^(@dlt\/|(@[^/]+\/)?dlt-)(source|destination)-/.test(name)).sort();
}
