import type { ColumnSchema, SchemaContent, TableSchema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { dataTypes } from "../values/data-type.js";
import { detectors } from "../values/detect-type.js";
import type { StoredDocument } from "./document.js";
import { verifyRule } from "./rules.js";
import { verifySchemaName } from "./schema-name.js";

const writeDispositions = ["skip", "append", "replace", "merge"] as const;
const contractModes = ["evolve", "freeze", "discard_row", "discard_value"] as const;
const tableFormats = ["iceberg", "delta", "hive", "native"] as const;

/** Looks at a value and says what it should be, or `null` when it is that. */
type Check = (value: unknown) => string | null;
type Checks = Readonly<Record<string, Check>>;
/** Properties of the library's own, without those of adapters. */
type PropertyOf<Hints> = Exclude<keyof Hints, `x-${string}`>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text: Check = (value) => (typeof value === "string" ? null : "a text");
const flag: Check = (value) => (typeof value === "boolean" ? null : "true or false");
const count: Check = (value) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? null : "an integer from 0 up";
const anything: Check = () => null;
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? null : `one of: ${values.join(", ")}`;
const optional =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value);
const listOf =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return "a list";
    const wrong = value.map(check).find((reason) => reason !== null);
    return wrong === undefined ? null : `a list of which each is ${wrong}`;
  };
const objectOf =
  (checks: Checks): Check =>
  (value) => {
    if (!isObject(value)) return "an object";
    const wrong = firstProblem(value, checks);
    return wrong === null ? null : `an object in which \`${wrong.key}\` ${wrong.problem}`;
  };
const recordOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) ? listOf(check)(Object.values(value)) : "an object";

const rules: Check = (value) => {
  const wrong = listOf(text)(value);
  if (wrong === null) for (const rule of value as readonly string[]) verifyRule(rule);
  return wrong;
};
const contract: Check = (value) =>
  typeof value === "string"
    ? oneOf(...contractModes)(value)
    : objectOf({
        tables: oneOf(...contractModes),
        columns: oneOf(...contractModes),
        dataType: oneOf(...contractModes),
      })(value);

const columnChecks = {
  name: text,
  description: optional(text),
  dataType: optional(oneOf(...dataTypes)),
  precision: optional(count),
  scale: optional(count),
  timezone: optional(flag),
  nullable: optional(flag),
  variant: optional(flag),
  primaryKey: optional(flag),
  mergeKey: optional(flag),
  partition: optional(flag),
  cluster: optional(flag),
  incremental: optional(flag),
  unique: optional(flag),
  sort: optional(flag),
  rowKey: optional(flag),
  parentKey: optional(flag),
  rootKey: optional(flag),
  hardDelete: optional(flag),
  dedupSort: optional(oneOf("asc", "desc", false)),
} satisfies Readonly<Record<PropertyOf<ColumnSchema>, Check>>;

const tableChecks = {
  name: text,
  columns: anything,
  description: optional(text),
  parent: optional(text),
  resource: optional(text),
  writeDisposition: optional(oneOf(...writeDispositions)),
  schemaContract: optional(contract),
  tableFormat: optional(oneOf(...tableFormats)),
  fileFormat: optional(text),
  filters: optional(objectOf({ excludes: rules, includes: rules })),
  references: optional(
    listOf(
      objectOf({
        label: text,
        cardinality: text,
        table: text,
        columns: listOf(text),
        referencedTable: text,
        referencedColumns: listOf(text),
      }),
    ),
  ),
  tableSealed: optional(flag),
} satisfies Readonly<Record<PropertyOf<TableSchema>, Check>>;

const hintChecks: Checks = Object.fromEntries(
  ["notNull", ...Object.keys(columnChecks).filter((hint) => hint !== "name")].map((hint) => [hint, rules]),
);
const preferredTypes: Check = (value) => {
  const wrong = recordOf(oneOf(...dataTypes))(value);
  if (wrong === null) for (const rule of Object.keys(value as object)) verifyRule(rule);
  return wrong;
};
const settingChecks: Checks = {
  schemaContract: optional(contract),
  detections: optional(listOf(oneOf(...Object.keys(detectors)))),
  defaultHints: optional(objectOf(hintChecks)),
  preferredTypes: optional(preferredTypes),
};
const jsonConfig = objectOf({
  maxNesting: optional(count),
  rootKeyPropagation: optional(flag),
  propagation: optional(objectOf({ root: optional(recordOf(text)), tables: optional(recordOf(recordOf(text))) })),
});
const normalizerChecks: Checks = {
  names: text,
  json: objectOf({ module: text, config: optional(jsonConfig) }),
  useBreakPathOnNormalize: optional(flag),
  allowIdentifierChangeOnTableWithData: optional(flag),
  detections: optional(listOf(oneOf(...Object.keys(detectors)))),
};

const requiredKeys = ["version", "previous_hashes", "engine_version", "name", "tables"];
const optionalKeys = ["version_hash", "settings", "normalizers", "description", "imported_version_hash"];

/** The first key that is unknown or has a value that it cannot have. Keys that start with `x-` may hold anything. */
function firstProblem(object: object, checks: Checks): { readonly key: string; readonly problem: string } | null {
  for (const [key, value] of Object.entries(object)) {
    if (key.startsWith("x-") || value === undefined) continue;
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) return { key, problem: "is not known" };
    const expected = check(value);
    if (expected !== null) return { key, problem: `has to be ${expected}` };
  }
  return null;
}

/** What is wrong with a table, by place, or `null`: an unknown property, or a value that it cannot have. */
export function tableProblem(table: TableSchema): { readonly place: string; readonly problem: string } | null {
  const wrong = firstProblem(table, tableChecks);
  if (wrong !== null) return { place: `${table.name}.${wrong.key}`, problem: wrong.problem };
  for (const column of table.columns.values()) {
    const wrongHint = firstProblem(column, columnChecks);
    if (wrongHint !== null)
      return { place: `${table.name}.${column.name}.${wrongHint.key}`, problem: wrongHint.problem };
  }
  return null;
}

/** What is wrong with the settings and normalizers of a schema, by place, or `null`. */
export function settingsProblem({
  settings,
  normalizers,
}: Pick<SchemaContent, "settings" | "normalizers">): { readonly place: string; readonly problem: string } | null {
  const wrongSetting = firstProblem(settings, settingChecks);
  if (wrongSetting !== null) return { place: `settings.${wrongSetting.key}`, problem: wrongSetting.problem };
  const wrong = firstProblem(normalizers, normalizerChecks);
  return wrong === null ? null : { place: `normalizers.${wrong.key}`, problem: wrong.problem };
}

/**
 * Checks a document that a person may have written, and what was read of it: no unknown keys, no value that schemas do
 * not have, and a table for every parent.
 *
 * @throws SchemaError that names the place
 */
export function verifyDocument(document: StoredDocument, content: SchemaContent): void {
  for (const key of requiredKeys) if (!document.has(key)) throw invalid(key, "is missing");
  for (const key of document.keys()) {
    if (!key.startsWith("x-") && !requiredKeys.includes(key) && !optionalKeys.includes(key))
      throw invalid(key, "is not known");
  }
  verifySchemaName(content.name);
  const wrongSetting = settingsProblem(content);
  if (wrongSetting !== null) throw invalid(wrongSetting.place, wrongSetting.problem);
  for (const table of content.tables.values()) {
    const wrong = tableProblem(table);
    if (wrong !== null) throw invalid(`tables.${wrong.place}`, wrong.problem);
    if (table.parent && !content.tables.has(table.parent)) {
      throw new SchemaError(
        "SCHEMA_PARENT_NOT_FOUND",
        `Table \`${table.name}\` is nested in \`${table.parent}\`, which the schema document does not have.`,
        {
          hint: `Add the table \`${table.parent}\`, or remove \`parent\`.`,
          context: { schema: content.name, table: table.name, parent: table.parent },
        },
      );
    }
  }
}

function invalid(place: string, problem: string): SchemaError {
  return new SchemaError("SCHEMA_DOCUMENT_INVALID", `\`${place}\` of the schema document ${problem}.`, {
    hint: "Correct the document. Names are shown as they are in code; in the document they are in snake_case. Keys of your own start with `x-`.",
    context: { place, problem },
  });
}
