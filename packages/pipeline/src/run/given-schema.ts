import { type SchemaText, SourceError } from "@dlt/core";
import { decodeJson, encodeJson, type SchemaView, type StoredDocument } from "@dlt/core/engine";
import { readSchemaFile } from "../schema-files/read-schema-file.js";

/** A schema that a call was given, for sources of its name. */
export interface GivenSchema {
  readonly name: string;
  /** A stored schema document. */
  readonly document: StoredDocument;
}

const textOfView = new WeakMap<object, SchemaText>();

/** Remembers what a view shows, so that it can be given to a call. */
export function rememberView(view: SchemaView, text: SchemaText): SchemaView {
  textOfView.set(view, text);
  return view;
}

/**
 * Reads a schema that was given: a view of a pipeline, a stored document, or the URL of its file. What it says is checked when
 * the source is loaded.
 * @throws SourceError `SCHEMA_OPTION_INVALID`, SchemaError `SCHEMA_FILE_MISSING`, `SCHEMA_FILE_UNREADABLE`
 */
export function givenSchema(given: object | URL): GivenSchema {
  const text = textOfView.get(given);
  const document =
    text !== undefined
      ? decodeJson(text)
      : given instanceof URL
        ? readSchemaFile(given)
        : decodeJson(encodeJson(given, { anyInteger: true }));
  const name: unknown = document instanceof Map ? document.get("name") : undefined;
  if (document instanceof Map && typeof name === "string") return { name, document };
  throw new SourceError("SCHEMA_OPTION_INVALID", "What was given as `schema` is no schema: it has no `name`.", {
    hint: "Give a stored schema document, the URL of its file, or a schema of a pipeline such as `p.defaultSchema`.",
  });
}
