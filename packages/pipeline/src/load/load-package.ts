import { PackageError, type PartialTable, type PreparedTable } from "@dlt/core";
import { formatTables, isDltTable, verifyLoad } from "@dlt/core/engine";
import { commitLoaded, recordAppliedUpdate, recordReset } from "../package/loaded-package.js";
import { refuseDispositions, warnOfAppending, warnOfTablesLeft } from "./check-dispositions.js";
import { refuseFormat, refuseTableFormat } from "./check-formats.js";
import { loadsToStaging } from "./load-plan.js";
import { jobCounts, runJobs } from "./run-jobs.js";
import { type LoadPackageInput, openLoad, type RunningLoad, retried } from "./running-load.js";
import { goesThroughStaging, type StagingPlace } from "./staged-file.js";
import { truncateStaging } from "./truncate-staging.js";

/**
 * Loads a normalized package: prepares the destination, runs the jobs that have not ended yet (those that failed in an
 * earlier attempt included), then marks the load as complete. Safe to repeat after a crash at any point.
 * @throws PackageError `LOAD_PACKAGE_FAILED` when jobs failed for good; the package stays
 * @throws DestinationError when the destination cannot be prepared or completed, or retries are used up; the package stays
 * @throws what aborted `signal`, or `ending` while jobs were left; the package stays
 */
export async function loadPackage(input: LoadPackageInput): Promise<void> {
  const load = await openLoad(input);
  {
    using _prepared = load.progress?.spans?.begin({ lane: `load ${input.loadId}`, name: "prepare" });
    await prepareLoad(load);
  }
  using _watched = load.progress?.watch(() => jobCounts(load));
  if (!(await runJobs(load))) throw reasonToStop(load);
  input.signal.throwIfAborted();
  using _completed = load.progress?.spans?.begin({ lane: `load ${input.loadId}`, name: "complete" });
  await complete(load);
}

/**
 * Prepares the destination for a package whose preparation was begun, and loads nothing: what a refresh forgets at the
 * destination is forgotten then. Changes nothing when that was done.
 * @throws DestinationError when the destination cannot be prepared
 */
export async function finishReset(input: LoadPackageInput): Promise<void> {
  await prepareLoad(await openLoad(input));
}

async function prepareLoad(load: RunningLoad): Promise<void> {
  const { store, loadId, client, content } = load;
  const { plan } = load.planned;
  const destination = { name: load.destinationName, capabilities: load.capabilities };
  const unusual = [...load.planned.tables.values()].filter(
    (table) => loadsToStaging(table) || table.writeDisposition === "skip",
  );
  refuseDispositions(unusual, { destination, client });
  for (const warning of verifyLoad(plan.tables, load.capabilities, load.planInput.schema.naming))
    process.emitWarning(warning, { type: "DltWarning", code: "WRITE_DISPOSITION_HINTS" });
  for (const table of load.planned.tables.values()) refuseTableFormat(destination, table);
  for (const { format, name, table } of content.manifest.files) {
    refuseFormat(destination, { format, of: `\`${name}\``, context: { loadId, table } });
  }
  await store.reached("load.plan.made");
  const { dropTables, truncateTables } = content.manifest;
  if (dropTables.length + truncateTables.length > 0) {
    await recordReset(store, loadId);
    await store.reached("load.reset.begun");
  }
  if (load.staging !== undefined) await prepareStaging(load, load.staging);
  const changes = await retried(load, "Preparing the destination", {
    until: load.halted,
    attempt: () => client.prepare(plan),
  });
  warnOfAppending(load.planned.appendedInstead, destination.name);
  warnOfTablesLeft([...plan.drop, ...plan.truncate], destination);
  tellOfChanges(load, changes);
  await recordAppliedUpdate(store, loadId, formatTables(changes.map(withoutPreparedHints)));
  await store.reached("load.prepared");
}

/** Tables of the library come and go with it, and tell nobody anything. */
function tellOfChanges({ progress, loadId, planInput, planned }: RunningLoad, changes: readonly PartialTable[]): void {
  const { schema } = planInput;
  const tables = changes
    .filter(({ name, columns }) => columns.size > 0 && !isDltTable(schema, name))
    .map(({ name, columns }) => ({
      name,
      columns: [...columns.values()].map((column) => ({ name: column.name, dataType: column.dataType ?? null })),
    }));
  if (tables.length === 0) return;
  progress?.tell({ kind: "schema-changed", loadId, schemaName: planned.plan.schemaName, tables });
}

async function prepareStaging(load: RunningLoad, { area, truncates }: StagingPlace): Promise<void> {
  const { loadId, schemaName } = load.planned.plan;
  const staged = load.content.manifest.files.filter(({ format }) => goesThroughStaging(format));
  const files = staged.map(({ name, table }) => ({ jobId: name, table }));
  const truncate = truncates ? [...new Set(staged.map(({ table }) => table))] : [];
  await retried(load, "Preparing the staging area", {
    until: load.halted,
    attempt: () => area.prepare({ loadId, schemaName, files, truncate }),
  });
}

/** Hints that a table has for the length of its load. */
function withoutPreparedHints(table: PartialTable): PartialTable {
  const {
    rootTable: _,
    mergeStrategy: __,
    replaceStrategy: ___,
    ...hints
  } = table as PartialTable & Partial<PreparedTable>;
  return hints;
}

async function complete(load: RunningLoad): Promise<void> {
  const { store, loadId, client } = load;
  const { createdAt, schemaName } = load.content.manifest;
  const completed = {
    loadId,
    createdAt: BigInt(createdAt),
    schemaName,
    schemaHash: load.planned.plan.schemaHash,
    state: load.content.state,
  };
  await retried(load, "Completing the load", {
    until: load.signal,
    attempt: () => client.completeLoad(completed),
  });
  await store.reached("load.completed");
  if (load.settings.truncateStagingDataset) await truncateStaging(client, load.planInput);
  const failedJobs = [...load.marks.values()].filter(({ status }) => status === "failed").length;
  const completion = { completedAt: String(load.nowMicros()), failedJobs };
  await commitLoaded(store, loadId, completion, load.settings.deleteCompletedJobs);
}

function reasonToStop(load: RunningLoad): unknown {
  const { settings, failures, fatal, halted } = load;
  if (fatal !== null) return fatal.error;
  return failures.length > 0 && settings.raiseOnFailedJobs ? packageFailed(load) : halted.reason;
}

function packageFailed({ loadId, marks, failures }: RunningLoad): PackageError {
  const failed = [...marks.values()].filter(({ status }) => status === "failed");
  const jobs = failed.map((mark) => `\`${mark.jobId}\`: ${mark.failure?.message ?? ""}`).join("\n");
  const fix = failed[0]?.failure?.hint ?? "Remove the cause.";
  return new PackageError(
    "LOAD_PACKAGE_FAILED",
    `${failed.length} job(s) of load package \`${loadId}\` failed for good. The package is kept, and nothing new is extracted before it is loaded or dropped.\n${jobs}`,
    {
      hint: `${fix} Then run again, or call \`retryFailed()\`; to give these rows up for now and fetch them again later, call \`dropPending()\`.`,
      context: { loadId, failedJobs: failed.length },
      cause: failures[0],
    },
  );
}
