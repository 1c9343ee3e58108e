import type {
  ColumnSchema,
  DestinationCapabilities,
  NamingConvention,
  PreparedTable,
  TableSchema,
} from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { caseFold } from "./case-fold.js";
import { columnsWith, isComplete, isNested } from "./predicates.js";

export type VerifyCapabilities = Pick<
  DestinationCapabilities,
  "caseSensitiveIdentifiers" | "caseFolding" | "maxIdentifierLength" | "maxColumnIdentifierLength" | "unsupportedTypes"
>;

/**
 * Checks before anything is written that a destination can hold these tables and that their hints fit together. Gives
 * warnings, full sentences, for hints that have no effect. A naming convention in which case counts keeps a destination
 * that tells names in different case apart from folding them.
 *
 * @throws SchemaError for names that collide or are too long, types the destination lacks, and hints that contradict
 * each other
 */
export function verifyLoad(
  tables: readonly PreparedTable[],
  given: VerifyCapabilities,
  naming: Pick<NamingConvention, "caseSensitive">,
): readonly string[] {
  const capabilities = naming.caseSensitive ? { ...given, caseFolding: "none" as const } : given;
  verifyNames(
    tables.map((table) => table.name),
    { kind: "table", maxLength: capabilities.maxIdentifierLength, capabilities },
  );
  const maxColumnLength = capabilities.maxColumnIdentifierLength ?? capabilities.maxIdentifierLength;
  for (const table of tables) {
    verifyNames([...table.columns.keys()], {
      kind: "column",
      table: table.name,
      maxLength: maxColumnLength,
      capabilities,
    });
    verifyTypes(table, capabilities);
  }
  return tables.filter((table) => !isNested(table)).flatMap(verifyDisposition);
}

interface NameCheck {
  readonly kind: "table" | "column";
  readonly table?: string;
  /** In code points. */
  readonly maxLength: number;
  readonly capabilities: VerifyCapabilities;
}

function verifyNames(names: readonly string[], { kind, table, maxLength, capabilities }: NameCheck): void {
  const place = table === undefined ? "" : ` of table \`${table}\``;
  const byFolded = new Map<string, string>();
  for (const name of names) {
    const folded = foldName(name, capabilities);
    const other = byFolded.get(folded);
    if (other !== undefined) {
      throw new SchemaError(
        "SCHEMA_NAME_COLLISION",
        `The ${kind}s \`${other}\` and \`${name}\`${place} have the same name \`${folded}\` at the destination.`,
        {
          hint: "Use a naming convention that is not case-sensitive, such as `snake_case`, or rename one of the two.",
          context: { table: table ?? null, name, other },
        },
      );
    }
    byFolded.set(folded, name);
    const length = [...name].length;
    if (length > maxLength) {
      throw new SchemaError(
        "SCHEMA_NAME_TOO_LONG",
        `The ${kind} \`${name}\`${place} has ${length} characters; the destination allows ${maxLength}.`,
        {
          hint: "Load into a new dataset, so that names are shortened for this destination.",
          context: { table: table ?? null, name, length, maxLength },
        },
      );
    }
  }
}

function foldName(name: string, { caseFolding = "none", caseSensitiveIdentifiers }: VerifyCapabilities): string {
  if (!caseSensitiveIdentifiers) return caseFold(name);
  if (caseFolding === "lower") return name.toLowerCase();
  return caseFolding === "upper" ? name.toUpperCase() : name;
}

function verifyTypes(table: PreparedTable, { unsupportedTypes = [] }: VerifyCapabilities): void {
  for (const column of table.columns.values()) {
    if (!unsupportedTypes.some((type) => type === column.dataType)) continue;
    throw new SchemaError(
      "SCHEMA_TYPE_UNSUPPORTED",
      `Column \`${table.name}.${column.name}\` has the data type \`${column.dataType}\`, which the destination has no column type for.`,
      {
        hint: "Give the column another `dataType` in the hints of its resource.",
        context: { table: table.name, column: column.name, dataType: column.dataType ?? null },
      },
    );
  }
}

function verifyDisposition(table: PreparedTable): readonly string[] {
  const primaryKey = columnsWith(table, "primaryKey");
  const mergeKey = columnsWith(table, "mergeKey");
  const hardDelete = atMostOne(table, "hardDelete");
  const dedupSort = atMostOne(table, "dedupSort");
  const warnings: string[] = [];
  const warn = (sentence: string): void => {
    warnings.push(`Table \`${table.name}\`: ${sentence}`);
  };
  if (table.writeDisposition !== "merge") {
    if (hardDelete)
      warn(
        `\`hardDelete\` of column \`${hardDelete.name}\` has no effect with the write disposition \`${table.writeDisposition}\`.`,
      );
    if (dedupSort)
      warn(
        `\`dedupSort\` of column \`${dedupSort.name}\` has no effect with the write disposition \`${table.writeDisposition}\`.`,
      );
    return warnings;
  }
  const { mergeStrategy } = table;
  if (mergeStrategy === "upsert" || mergeStrategy === "insert-only") {
    if (primaryKey.length === 0) {
      throw new SchemaError(
        "SCHEMA_KEY_MISSING",
        `Table \`${table.name}\` is merged by \`${mergeStrategy}\`, but has no primary key.`,
        {
          hint: "Declare `primaryKey` on the resource, or use the strategy `delete-insert`.",
          context: { table: table.name, strategy: mergeStrategy },
        },
      );
    }
    if (mergeKey.length > 0) warn(`its merge key is ignored by the strategy \`${mergeStrategy}\`.`);
  }
  if (mergeStrategy === "delete-insert" && primaryKey.length === 0 && mergeKey.length === 0) {
    warn("it is merged without a primary or merge key, so that rows are only appended.");
  }
  if (dedupSort && primaryKey.length === 0)
    warn(`\`dedupSort\` of column \`${dedupSort.name}\` has no effect without a primary key.`);
  if (dedupSort && table["x-stage-data-deduplicated"] === true) {
    warn(`\`dedupSort\` of column \`${dedupSort.name}\` has no effect, since the rows are declared as deduplicated.`);
  }
  return warnings;
}

function atMostOne(table: PreparedTable, hint: "hardDelete" | "dedupSort"): ColumnSchema | undefined {
  const [first, second] = columnsWith(table, hint);
  if (second !== undefined) {
    throw new SchemaError(
      "SCHEMA_HINTS_INVALID",
      `Table \`${table.name}\` has \`${hint}\` on \`${first?.name}\` and \`${second.name}\`.`,
      {
        hint: `Declare \`${hint}\` on one column only.`,
        context: { table: table.name, hint },
      },
    );
  }
  return first;
}

/**
 * Checks a table for which data came: columns that may not be null have a data type by then. Gives warnings for other
 * columns that are declared and never came.
 *
 * @throws SchemaError for a column that is not nullable and still has no data type
 */
export function verifyReceived(table: TableSchema): readonly string[] {
  const incomplete = [...table.columns.values()].filter((column) => !isComplete(column));
  const unbound = incomplete.filter((column) => column.nullable === false).map((column) => column.name);
  if (unbound.length > 0) {
    throw new SchemaError(
      "SCHEMA_COLUMN_UNBOUND",
      `Table \`${table.name}\` got rows, but none of them had ${unbound.map((name) => `\`${name}\``).join(", ")}, which may not be null.`,
      {
        hint: "Check the names of the keys and other columns that the resource declares, or give them a `dataType`.",
        context: { table: table.name, columns: unbound.join(", ") },
      },
    );
  }
  const warnings = incomplete.map(
    (column) =>
      `Table \`${table.name}\`: column \`${column.name}\` is declared without a data type and no row had it; it is not created.`,
  );
  if (!isNested(table) && columnsWith(table, "parentKey").length > 0) {
    warnings.push(`Table \`${table.name}\`: it has a \`parentKey\` column, but no parent.`);
  }
  return warnings;
}
