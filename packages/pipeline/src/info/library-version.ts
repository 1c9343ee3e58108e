import { readFileSync } from "node:fs";

const name = "@dlt/pipeline";

/** Where the manifest is from the sources, and from what is built. */
const manifests = ["../../package.json", "../package.json"];

let known: string | null | undefined;

/** Version of this library; `null` in a bundle, where nothing tells. */
export function libraryVersion(): string | null {
  known ??= manifests.map(versionIn).find((version) => version !== null) ?? null;
  return known;
}

function versionIn(path: string): string | null {
  try {
    const manifest = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as {
      readonly name?: string;
      readonly version?: string;
    };
    return manifest.name === name ? (manifest.version ?? null) : null;
  } catch {
    return null;
  }
}
