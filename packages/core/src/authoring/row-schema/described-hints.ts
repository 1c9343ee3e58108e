import type { ColumnsHint, Hints, RowDependent, SchemaContractHint } from "../../contract/hints.js";
import type { ContractMode } from "../../contract/schema.js";
import type { StandardSchemaV1 } from "../../contract/standard-schema.js";
import { isStandardSchema } from "../brand.js";
import { columnLayers, mergeColumnLists, type NamedColumn } from "../merge-columns.js";
import {
  type ColumnOptions,
  type DescribedColumns,
  describedColumns,
  matchesVariant,
  rowVariants,
} from "./described-columns.js";
import { type JsonSchema, jsonSchemaOf, resolved } from "./json-schema-of.js";
import { rowContract } from "./row-contract.js";

/**
 * Hints in which a schema of rows is replaced by the columns that it describes, and by the contract that goes with it. Where the table
 * depends on the row, and rows are alternatives, each table gets the columns of the alternatives that its rows match.
 */
export function describedHints(hints: Hints): Hints {
  const { columns, schemaContract, skipNestedTypes = false, ...others } = hints;
  if (!isStandardSchema(columns)) return hints;
  const options = { skipNestedTypes };
  // Under `evolve` rows that do not fit come in, also without values that the schema asks for.
  const mayLack = rowContract(hints)?.dataType === "evolve";
  const layers = columnLayers(columns);
  const last = layers.findLastIndex((layer) => isStandardSchema(layer));
  const merged = (described: DescribedColumns): readonly NamedColumn[] =>
    mergeColumnLists(
      layers.map((layer, index) => {
        if (!isStandardSchema(layer)) return layer;
        const own = index === last ? described : columnsOf(jsonSchemaOf(layer, "output"), options);
        return mayLack ? own.columns.map(({ nullable: _, ...column }) => column) : own.columns;
      }),
    );
  const root = jsonSchemaOf(columns, "output");
  const described = columnsOf(root, options);
  return {
    ...others,
    schemaContract: schemaContract ?? ownContract(columns, described),
    columns:
      root !== null && typeof hints.tableName === "function"
        ? columnsByRow(root, (variants) => merged(columnsOf({ ...root, anyOf: variants }, options)))
        : merged(described),
  };
}

function columnsOf(root: JsonSchema | null, options: ColumnOptions): DescribedColumns {
  return root === null ? { columns: [], complete: false } : describedColumns(root, options);
}

function columnsByRow(
  root: JsonSchema,
  columnsOfVariants: (variants: readonly JsonSchema[]) => readonly NamedColumn[],
): RowDependent<ColumnsHint> {
  const variants = rowVariants(root);
  if (variants.length < 2) return columnsOfVariants(variants);
  const known = new Map<string, readonly NamedColumn[]>();
  return (row: unknown) => {
    const matching = variants.filter((variant) => matchesVariant(row, variant, root));
    const key = matching.map((variant) => variants.indexOf(variant)).join();
    const columns = known.get(key) ?? columnsOfVariants(matching.length === 0 ? variants : matching);
    known.set(key, columns);
    return columns;
  };
}

/**
 * The contract of the table when none is given: unknown fields as the schema treats them, wrong values refused. Fields of which no
 * type is known need columns that are made from their values, at any time; the schema keeps unknown ones out by itself.
 */
function ownContract(schema: StandardSchemaV1, { complete }: DescribedColumns): SchemaContractHint {
  return { tables: "evolve", columns: complete ? unknownFieldsMode(schema) : "evolve", dataType: "freeze" };
}

function unknownFieldsMode(schema: StandardSchemaV1): ContractMode {
  const closed = (root: JsonSchema | null): boolean =>
    root !== null && rowVariants(root).every((variant) => resolved(variant, root)["additionalProperties"] === false);
  if (closed(jsonSchemaOf(schema, "input"))) return "freeze";
  return closed(jsonSchemaOf(schema, "output")) ? "discard_value" : "evolve";
}
