/**
 * Every vector file of the repository, with its format and the number of its cases. A file that is not here fails the tests, and
 * so does another number.
 */
export const vectorFiles = {
  "dispositions/scenarios.json": { format: "pipeline-scenarios", cases: 81 },
  "files/loader_files.json": { format: "loader-files", cases: 76 },
  "incremental/lag.json": { format: "incremental-lag", cases: 68 },
  "incremental/runs.json": { format: "incremental-scenarios", cases: 77 },
  "incremental/validation.json": { format: "incremental-validation", cases: 12 },
  "keys/digests.json": { format: "digests", cases: 17 },
  "keys/nested_ids.json": { format: "nested-ids", cases: 96 },
  "keys/patterns.json": { format: "id-patterns", cases: 6 },
  "keys/row_hashes.json": { format: "row-hashes", cases: 29 },
  "keys/typed_json.json": { format: "typed-json", cases: 47 },
  "naming/identifiers.json": { format: "naming", cases: 212 },
  "naming/tags.json": { format: "naming-tags", cases: 181 },
  "normalize/documents.json": { format: "normalize-scenarios", cases: 90 },
  "rest_api/scenarios.json": { format: "rest-api-scenarios", cases: 80 },
  "schema/contract_resolution.json": { format: "contract-resolution", cases: 80 },
  "schema/contracts.json": { format: "contracts", cases: 240 },
  "schema/defaults.json": { format: "column-defaults", cases: 147 },
  "schema/documents.json": { format: "schema-documents", cases: 15 },
  "schema/hints.json": { format: "hints", cases: 30 },
  "schema/merge_column.json": { format: "merge-column", cases: 67 },
  "schema/merge_columns.json": { format: "merge-columns", cases: 66 },
  "schema/merge_table.json": { format: "merge-table", cases: 43 },
  "schema/names.json": { format: "schema-names", cases: 17 },
  "schema/new_columns.json": { format: "new-columns", cases: 16 },
  "schema/rules.json": { format: "rules", cases: 13 },
  "schema/updates.json": { format: "schema-updates", cases: 37 },
  "sql/datetime_literals.json": { format: "sql-datetime-literals", cases: 27 },
  "sql/identifiers.json": { format: "sql-identifiers", cases: 12 },
  "sql/literals.json": { format: "sql-literals", cases: 35 },
  "state/documents.json": { format: "pipeline-state", cases: 10 },
  "state/migrations.json": { format: "state-migrations", cases: 6 },
  "state/system_tables.json": { format: "system-tables", cases: 3 },
  "takeover/shop/case.json": { format: "takeover", cases: 1 },
  "types/coerce.json": { format: "coerce", cases: 997 },
  "types/iso_text.json": { format: "iso-text", cases: 115 },
  "types/precision.json": { format: "precision", cases: 20 },
  "types/value_types.json": { format: "value-types", cases: 92 },
} as const satisfies Readonly<Record<string, { readonly format: string; readonly cases: number }>>;

export type VectorFormat = (typeof vectorFiles)[keyof typeof vectorFiles]["format"];

/** Formats that no test reads yet. */
export const unreadFormats: ReadonlySet<unknown> = new Set<VectorFormat>([
  "pipeline-scenarios",
  "rest-api-scenarios",
  "sql-datetime-literals",
  "sql-literals",
  "takeover",
]);
