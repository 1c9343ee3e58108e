import { DestinationError, type SqlClient } from "@dlt/core";
import { initialState } from "./claimed-pipeline.js";
import { clientPool, type PoolOwner } from "./client-pool.js";
import { readLocalDocuments } from "./local-documents.js";
import { refuseInDryRun } from "./observe-runs.js";
import { destinationMissing, type PipelineMemory } from "./operation.js";
import { withTarget } from "./pipeline-state.js";
import { findTarget } from "./target.js";

/** SQL against the dataset of a pipeline. Close it, or use `await using`. */
export interface PipelineSqlClient extends SqlClient, AsyncDisposable {
  close(): Promise<void>;
}

/**
 * Opens a session with the main dataset, or with that of a schema. Does not claim the pipeline.
 * @throws DestinationError `SQL_CLIENT_NOT_AVAILABLE`
 */
export async function openSqlClient(memory: PipelineMemory, schemaName: string | null): Promise<PipelineSqlClient> {
  const { context, closing } = memory;
  refuseInDryRun(context);
  const local = memory.local ?? readLocalDocuments(context.folder);
  const known = local?.state ?? initialState(context);
  const target = await findTarget(context, memory, known);
  if (target === null) throw destinationMissing(context, "sqlClient");
  const state = withTarget(known, context, { target, givenDataset: memory.datasetName });
  const owner: PoolOwner = { context, state, schemas: new Map(local?.schemas) };
  const clients = clientPool(owner, { ...target, staging: null }, closing.signal);
  try {
    const { client } = await clients.forSchema(schemaName);
    if (client.sql === undefined) throw notAvailable(target.destination.name);
    return sqlSession(client.sql, async () => await clients[Symbol.asyncDispose]());
  } catch (error) {
    await clients[Symbol.asyncDispose]();
    throw error;
  }
}

function sqlSession(sql: SqlClient, close: () => Promise<void>): PipelineSqlClient {
  return {
    dataset: sql.dataset,
    executeSql: (text, ...args) => sql.executeSql(text, ...args),
    query: (text, ...args) => sql.query(text, ...args),
    qualified: (table) => sql.qualified(table),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function notAvailable(destinationName: string): DestinationError {
  return new DestinationError("SQL_CLIENT_NOT_AVAILABLE", `Destination \`${destinationName}\` does not speak SQL.`, {
    hint: "Read its data with its own tools, or load into a destination that has SQL.",
    context: { destination: destinationName },
  });
}
