import { type Destination, DestinationError, type ModelClient, SourceError } from "@dlt/core";
import type { ModelItem, QueryColumnsOptions } from "@dlt/core/engine";
import { formatUnsupported, refuseFormat } from "../load/check-formats.js";
import type { ResourceTables } from "./resource-tables.js";
import { notRejectable, type WholeFile } from "./whole-file.js";

/** Where rows will be loaded. */
export interface ExtractDestination extends Pick<Destination, "name" | "capabilities"> {
  /** How tables take the columns of queries. */
  readonly queryColumns: QueryColumnsOptions;
  /** Opens what tells the columns of queries; undefined where the destination runs none. */
  openModels(): Promise<ModelClient | undefined>;
}

export interface ModelPlace {
  readonly resource: string;
  /** Normalized name of the root table, which is declared. */
  readonly table: string;
  readonly tables: ResourceTables;
  /** Undefined while it is not known. */
  readonly destination: ExtractDestination | undefined;
  readonly keepsRejects: boolean;
}

/**
 * Makes the load file of a query: a SELECT of its columns under the names that they have in the table. Columns that the table lacks are
 * declared, as far as the contract allows; `null` when nothing of the rows is left.
 *
 * @throws SourceError `MODEL_DESTINATION_MISSING`, `PAGE_WITHOUT_ROWS`; DestinationError `DESTINATION_FORMAT_UNSUPPORTED`,
 * `MODEL_DIALECT_UNSUPPORTED`, `MODEL_QUERY_INVALID`; SchemaError and SchemaContractError as `fitQuery`
 */
export async function modelFile({ model }: ModelItem, place: ModelPlace): Promise<WholeFile | null> {
  const { resource, table, tables, destination, keepsRejects } = place;
  const { query, dialect } = model;
  if (destination === undefined) throw destinationMissing(resource);
  const use = { format: "model", of: `a query of resource \`${resource}\``, context: { resource } };
  refuseFormat(destination, use);
  refuseDialect(destination, dialect, resource);
  const models = await destination.openModels();
  if (models === undefined) throw formatUnsupported(destination, use);
  const { columns, rejection } = tables.fitQuery(table, await models.describe(query), destination.queryColumns);
  if (rejection !== null && keepsRejects) throw notRejectable(table);
  if (columns.length === 0) return null;
  const content = new TextEncoder().encode(`dialect: ${dialect}\n${models.select(query, columns)}\n`);
  return { content, loadFile: { format: "model", isCompressed: false }, rowCount: null };
}

function refuseDialect({ name, capabilities }: ExtractDestination, dialect: string, resource: string): void {
  const { sqlDialect } = capabilities;
  if (dialect === sqlDialect) return;
  throw new DestinationError(
    "MODEL_DIALECT_UNSUPPORTED",
    `A query of resource \`${resource}\` is in the dialect \`${dialect}\`, and destination \`${name}\` speaks \`${sqlDialect}\`. Queries are not translated.`,
    {
      hint: `Write the query for the destination and say so: \`sqlModel(query, { dialect: "${sqlDialect}" })\`.`,
      context: { destination: name, resource, dialect },
    },
  );
}

function destinationMissing(resource: string): SourceError {
  return new SourceError(
    "MODEL_DESTINATION_MISSING",
    `Resource \`${resource}\` gives a query, and it is not known where that is to run.`,
    {
      hint: 'Name the destination before the data is extracted, e.g. `pipeline({ destination: "duckdb" })`.',
      context: { resource },
    },
  );
}
