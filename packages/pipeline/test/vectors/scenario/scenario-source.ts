import {
  addDefaultHints,
  type DataType,
  type DetectorName,
  encodeRows,
  formatSchema,
  incremental,
  type JsonValue,
  materializeTableSchema,
  newSchema,
  type Resource,
  resource,
  type Schema,
  type Source,
  setDetections,
  setPreferredTypes,
  source,
  updateTable,
  withHints,
  withTableName,
} from "@dlt/core";
import type { VectorObject } from "../read-vectors.js";
import { vectorValue } from "../vector-value.js";
import { camelCase, camelCased, cursorOptionsOf, hintsOf } from "./hints.js";
import { asRows, losesKeyOrder, plainValue } from "./plain-value.js";

/** How the rows of a vector are handed over: as objects, or as the JSON text that the same rows have. */
export type Feed = "objects" | "text";

/** The source of a run: resources and options as section 4 of the vectors' README describes them. */
export function scenarioSource(vector: VectorObject, run: VectorObject, feed: Feed): Source {
  const options = new Map([...objectAt(vector, "source"), ...objectAt(run, "source")]);
  const name = (options.get("name") ?? "src") as string;
  const schema = declaredSchema(name, options);
  const given = ["max_table_nesting", "root_key", "schema_contract"].flatMap((option) => {
    const value = options.get(option);
    return value === undefined ? [] : [[camelCase(option), camelCased(plainValue(value))]];
  });
  const resources = (run.get("resources") as readonly VectorObject[]).map((each) => scenarioResource(each, feed));
  const factory = source(
    {
      name,
      ...(schema !== null && { schema: JSON.parse(formatSchema(schema)) as object }),
      ...Object.fromEntries(given),
    },
    () => resources,
  );
  return factory();
}

/** A resource of a run. */
export function scenarioResource(described: VectorObject, feed: Feed): Resource {
  const pages = pagesOf(described);
  const made = resource(
    { name: described.get("name") as string, ...hintsOf(described.get("hints")) },
    function* (context): Generator<unknown> {
      Object.assign(context.state, plainValue(described.get("set_resource_state") ?? new Map()));
      Object.assign(context.sourceState, plainValue(described.get("set_source_state") ?? new Map()));
      for (const page of pages) yield pageOf(page, feed);
      if (described.get("fail") === true) throw new Error("as the vector says");
    },
  );
  const cursor = described.get("incremental") as VectorObject | undefined;
  if (cursor !== undefined) {
    made.applyHints({ incremental: incremental(cursor.get("cursor_path") as string, cursorOptionsOf(cursor)) });
  }
  if (described.get("selected") === false) made.applyHints({ selected: false });
  const limit = described.get("limit");
  return limit === undefined ? made : made.addLimit(limit as number);
}

/** True when the rows of a run cannot be said as objects of JavaScript without a change. */
export function losesOrderAsObjects(run: VectorObject): boolean {
  const resources = run.get("resources") as readonly VectorObject[];
  return resources.some((described) => losesKeyOrder(pagesOf(described).map((page) => vectorValue(page))));
}

function pagesOf(described: VectorObject): readonly JsonValue[] {
  return (described.get("pages") ?? [described.get("rows") ?? []]) as readonly JsonValue[];
}

function pageOf(page: JsonValue, feed: Feed): unknown {
  if (!(page instanceof Map)) return rowsOf(page, feed);
  if (page.get("$mark") === "materialize_table_schema") return materializeTableSchema();
  const rows = page.get("rows") ?? [];
  const table = page.get("$with_table");
  if (table !== undefined) return withTableName(rowsOf(rows, feed), table as string);
  const hints = page.get("$with_hints");
  if (hints !== undefined) return withHints(rowsOf(rows, feed), hintsOf(hints));
  return feed === "objects" ? asRows(vectorValue(page)) : rowsOf([page], feed);
}

function rowsOf(rows: JsonValue, feed: Feed): unknown {
  const value = vectorValue(rows);
  if (feed === "objects" || !Array.isArray(value) || value.length === 0) return asRows(value);
  return { jsonText: encodeRows(value), framing: "lines" };
}

/** The schema that a source brings; `null` when it has nothing to say. */
function declaredSchema(name: string, options: VectorObject): Schema | null {
  const settings = objectAt(options, "settings");
  const propagation = options.get("propagation");
  const filters = objectAt(options, "filters");
  if (settings.size === 0 && propagation === undefined && filters.size === 0) return null;
  let schema = newSchema(name);
  for (const [setting, value] of settings) schema = withSetting(schema, setting, plainValue(value));
  if (propagation !== undefined) schema = withPropagation(schema, plainValue(propagation) as object);
  for (const [table, rules] of filters) {
    schema = updateTable(schema, { name: table, columns: new Map(), filters: plainValue(rules) as object });
  }
  return schema;
}

function withSetting(schema: Schema, setting: string, value: unknown): Schema {
  switch (setting) {
    case "detections":
      return setDetections(schema, value as readonly DetectorName[]);
    case "preferred_types":
      return setPreferredTypes(schema, value as Readonly<Record<string, DataType>>);
    case "default_hints":
      return addDefaultHints(schema, camelCased(value) as Readonly<Record<string, readonly string[]>>);
  }
  throw new Error(`The test does not know the setting ${setting}.`);
}

function withPropagation(schema: Schema, propagation: object): Schema {
  const { json } = schema.normalizers;
  const config = { ...json.config, propagation: { ...json.config?.propagation, ...propagation } };
  return { ...schema, normalizers: { ...schema.normalizers, json: { ...json, config } } };
}

function objectAt(object: VectorObject, key: string): VectorObject {
  return (object.get(key) ?? new Map()) as VectorObject;
}
