import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { SchemaError } from "@dlt/core";
import type { StoredDocument } from "@dlt/core/engine";
import { storageError, systemErrorCode } from "../workspace/storage-error.js";
import { formatOfExtension, parseSchemaFile } from "./schema-file-text.js";

/**
 * Reads a schema from a YAML or JSON file, for a source that starts from it:
 * `source({ name: "shop", schema: readSchemaFile(new URL("./shop.schema.yaml", import.meta.url)) }, …)`. What the
 * document says is checked when the source is loaded.
 *
 * @throws SchemaError `SCHEMA_FILE_MISSING`, `SCHEMA_FILE_UNREADABLE`
 */
export function readSchemaFile(path: string | URL): StoredDocument {
  const isFile = typeof path === "string" || path.protocol === "file:";
  const file = isFile && typeof path !== "string" ? fileURLToPath(path) : String(path);
  const format = isFile ? formatOfExtension(extname(file)) : null;
  if (format === null) {
    throw new SchemaError("SCHEMA_FILE_UNREADABLE", `\`${file}\` is not the name of a schema file.`, {
      hint: "Give a path or file URL that ends with `.yaml` or `.json`.",
      context: { file },
    });
  }
  return parseSchemaFile(textOf(file), { format, file });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw storageError(error, { action: "read", path: file });
    throw new SchemaError("SCHEMA_FILE_MISSING", `There is no schema file \`${file}\`.`, {
      hint: "Give the path from the current folder, or a URL made with `import.meta.url`.",
      context: { file },
      cause: error,
    });
  }
}
