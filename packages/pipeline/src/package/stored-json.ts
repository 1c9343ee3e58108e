import { readFile } from "node:fs/promises";
import { PackageError } from "@dlt/core";
import { withStorageErrors } from "../workspace/storage-error.js";

/**
 * Reads a JSON file of a load package. `check` tells whether it is what it should be: these files are only written by this
 * library, so that is a sign that the folder was damaged.
 * @throws PackageError `PACKAGE_UNREADABLE`
 */
export async function readStoredJson<Content>(
  path: string,
  check: (content: unknown) => content is Content,
): Promise<Content> {
  const text = await withStorageErrors({ action: "read", path }, () => readFile(path, "utf8"));
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw unreadable(path, cause);
  }
  if (!check(content)) throw unreadable(path);
  return content;
}

/** True for an object with these keys, whatever their values. */
export function hasKeys(content: unknown, keys: readonly string[]): content is Readonly<Record<string, unknown>> {
  return typeof content === "object" && content !== null && keys.every((key) => Object.hasOwn(content, key));
}

function unreadable(path: string, cause?: unknown): PackageError {
  return new PackageError(
    "PACKAGE_UNREADABLE",
    `The file \`${path}\` of a load package is damaged or of another version.`,
    {
      hint: "Restore the folder from a backup, or call `drop()` and run again: state comes from the destination, the rows are fetched again.",
      context: { path },
      cause,
    },
  );
}
