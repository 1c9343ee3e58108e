import {
  type DataType,
  type DataValue,
  Float,
  incremental,
  type JsonValue,
  materializeTableSchema,
  type Resource,
  resource,
  type Schema,
  type SchemaChange,
  type Source,
  type SourceDefinition,
  withHints,
  withTableName,
} from "@dlt/core";
import {
  addDefaultHints,
  type DetectorName,
  encodeRows,
  makeSource,
  setDetections,
  setPreferredTypes,
  updateTable,
} from "@dlt/core/engine";
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
  const resources = (run.get("resources") as readonly VectorObject[]).map((each) => scenarioResource(each, feed));
  const given = ["max_table_nesting", "root_key", "schema_contract"].flatMap((option) => {
    const value = options.get(option);
    return value === undefined ? [] : [[camelCase(option), camelCased(plainValue(value))]];
  });
  return makeSource({
    name,
    section: name,
    resources: new Map(resources.map((each) => [each.name, each])),
    schemaChanges: schemaChanges(options),
    ...(Object.fromEntries(given) as Partial<SourceDefinition>),
  });
}

/** A resource of a run. */
function scenarioResource(described: VectorObject, feed: Feed): Resource {
  const pages = pagesOf(described);
  const made = resource(
    { name: described.get("name") as string, ...hintsOf(described.get("hints")) },
    function* (context): Generator<unknown> {
      const resourceState = described.get("set_resource_state");
      if (resourceState !== undefined) Object.assign(context.state, plainValue(resourceState));
      const sourceState = described.get("set_source_state");
      if (sourceState !== undefined) Object.assign(context.sourceState, plainValue(sourceState));
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

/** True when rows of a run hold what JSON text says only with marks. */
export function typedValuesIn(run: VectorObject): boolean {
  const resources = run.get("resources") as readonly VectorObject[];
  return resources.some((described) => pagesOf(described).some((page) => hasTypedValue(vectorValue(page))));
}

function hasTypedValue(value: DataValue): boolean {
  if (Array.isArray(value)) return value.some((element) => hasTypedValue(element as DataValue));
  if (value instanceof Map) return [...value.values()].some((member) => hasTypedValue(member as DataValue));
  return typeof value === "object" && value !== null && !(value instanceof Float);
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

/** What the options of a source change in its schema. */
function schemaChanges(options: VectorObject): readonly SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const [setting, value] of objectAt(options, "settings")) {
    changes.push((schema) => withSetting(schema, setting, plainValue(value)));
  }
  const propagation = options.get("propagation");
  if (propagation !== undefined) changes.push((schema) => withPropagation(schema, plainValue(propagation) as object));
  for (const [table, rules] of objectAt(options, "filters")) {
    const filters = plainValue(rules) as object;
    changes.push((schema) => updateTable(schema, { name: table, columns: new Map(), filters }));
  }
  return changes;
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
