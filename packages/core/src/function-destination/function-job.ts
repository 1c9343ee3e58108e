import type {
  ConnectOptions,
  LoadFile,
  LoadJob,
  LoadNotes,
  LoadSupport,
  PreparedTable,
} from "../contract/destination.js";
import type { SystemNames } from "../contract/index.js";
import { DestinationError, isDltError } from "../errors/index.js";
import { shake128 } from "../hash/keccak.js";
import { type Batch, columnBatches, rowBatches } from "./batches.js";
import type { AnyBatchFunction, BatchContext } from "./function-options.js";

/** A function, and how it wants its rows. */
export interface LoadingFunction {
  readonly name: string;
  readonly load: AnyBatchFunction;
  /** 0: paths of files. */
  readonly batchSize: number;
  readonly loaderFileFormat: "jsonl" | "parquet";
  readonly skipDltColumnsAndTables: boolean;
}

/** What the jobs of a session share. */
export interface FunctionSession extends LoadingFunction {
  readonly config: unknown;
  readonly pipelineName: string;
  readonly system: SystemNames;
  readonly support: LoadSupport;
  /** Stops all jobs. */
  readonly signal: AbortSignal;
  readonly reached: NonNullable<ConnectOptions["reached"]>;
  notesOf(loadId: string): Promise<LoadNotes>;
}

/** What a job notes: so many rows were handed over; or the path of the file was. */
type Delivered = { readonly rows: number } | { readonly file: true };

/**
 * Hands the rows of a file to the function, batch by batch, from where an earlier attempt came to. Each is noted once the function
 * returned: one that was handed over and not noted is handed over again.
 */
export function functionJob(file: LoadFile, session: FunctionSession): LoadJob {
  const { jobId, loadId, bytes } = file;
  const { skipDltColumnsAndTables, batchSize, system } = session;
  return {
    id: jobId,
    async run(ofJob) {
      if (skipDltColumnsAndTables && file.table.name.startsWith(system.prefix)) return { rowCount: 0, bytes };
      const signal = AbortSignal.any([session.signal, ofJob]);
      const notes = await session.notesOf(loadId);
      const delivery = new Delivery(file, { session, notes, signal });
      const before = notes.ofJob(jobId) as Delivered | null;
      if (before !== null && "file" in before) return { rowCount: file.rowCount, bytes };
      const rowsBefore = before?.rows ?? 0;
      if (batchSize > 0) return { rowCount: await delivery.rows(rowsBefore), bytes };
      if (rowsBefore > 0) throw begunInBatches(file, session, rowsBefore);
      await delivery.wholeFile();
      return { rowCount: file.rowCount, bytes };
    },
  };
}

/** The table with the columns that the function gets. */
function visibleTable(table: PreparedTable, { skipDltColumnsAndTables, system }: FunctionSession): PreparedTable {
  if (!skipDltColumnsAndTables) return table;
  const columns = [...table.columns].filter(([name]) => !name.startsWith(system.columnPrefix));
  return { ...table, columns: new Map(columns) };
}

/** What a call of the function is for. */
interface Call {
  readonly items: unknown;
  /** What makes its id, beside pipeline, load and file. */
  readonly part: readonly number[];
  /** For messages. */
  readonly what: string;
  /** Noted when it was successful. */
  readonly delivered: Delivered;
}

interface DeliverySurroundings {
  readonly session: FunctionSession;
  readonly notes: LoadNotes;
  readonly signal: AbortSignal;
}

/** The attempt to hand over a file. */
class Delivery {
  readonly #file: LoadFile;
  readonly #table: PreparedTable;
  readonly #session: FunctionSession;
  readonly #notes: LoadNotes;
  readonly #signal: AbortSignal;

  constructor(file: LoadFile, { session, notes, signal }: DeliverySurroundings) {
    this.#file = file;
    this.#table = visibleTable(file.table, session);
    this.#session = session;
    this.#notes = notes;
    this.#signal = signal;
  }

  async wholeFile(): Promise<void> {
    const { at, jobId } = this.#file;
    const items = "path" in at ? at.path : at.url;
    await this.#call({ items, part: [], what: `file \`${jobId}\``, delivered: { file: true } });
  }

  /** Hands over the rows behind the first `from`; gives how many the file has. */
  async rows(from: number): Promise<number> {
    let rows = from;
    for await (const { items, rowCount } of this.#batches(from)) {
      const to = rows + rowCount;
      await this.#call({ items, part: [rows, to], what: rowsText(rows + 1, to), delivered: { rows: to } });
      rows = to;
    }
    const { rowCount, isImported = false } = this.#file;
    if (rowCount !== null && !isImported && rows !== rowCount) throw this.#incomplete(rows, rowCount);
    return rows;
  }

  #batches(from: number): AsyncIterable<Batch<unknown>> {
    const { support, batchSize, loaderFileFormat } = this.#session;
    const range = { columns: [...this.#table.columns.keys()], from };
    return loaderFileFormat === "parquet"
      ? columnBatches(support.readColumns(this.#file, range), batchSize)
      : rowBatches(support.readRows(this.#file, range), batchSize);
  }

  async #call({ items, part, what, delivered }: Call): Promise<void> {
    const { load, config, reached } = this.#session;
    const { loadId, jobId } = this.#file;
    const signal = this.#signal;
    if (signal.aborted) throw this.#stopped(signal.reason);
    const step = this.#notes.step(jobId);
    const context: BatchContext = { config, batchId: this.#idOf(part), loadId, jobId, signal, state: step.state };
    await reached("destination.request.sent");
    try {
      // The options say which items the function takes.
      await load(items as Parameters<typeof load>[0], this.#table, context);
    } catch (error) {
      throw signal.aborted ? this.#stopped(error) : this.#failed(what, error);
    }
    await reached("destination.request.answered");
    await step.keep(delivered);
  }

  #idOf(part: readonly number[]): string {
    const { loadId, jobId } = this.#file;
    const place = JSON.stringify([this.#session.pipelineName, loadId, jobId, ...part]);
    return Array.from(shake128(utf8.encode(place), 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  #failed(what: string, error: unknown): DestinationError {
    const { name } = this.#session;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : "it threw what is not an error";
    const hint = isDltError(error) ? error.hint : undefined;
    return new DestinationError(
      "DESTINATION_FUNCTION_FAILED",
      `The function of destination \`${name}\` failed on ${what} of table \`${this.#file.table.name}\`: ${reason}`,
      {
        hint: hint ?? "Correct the cause. Rows that were handed over before are not handed over again.",
        context: this.#place(),
        retryable: !isFinal(error),
        cause: error,
      },
    );
  }

  #stopped(cause: unknown): DestinationError {
    return new DestinationError("DESTINATION_INTERRUPTED", `Loading \`${this.#file.jobId}\` was stopped by a signal.`, {
      hint: "Run again. It goes on where it stopped.",
      context: this.#place(),
      retryable: true,
      cause,
    });
  }

  #incomplete(found: number, written: number): DestinationError {
    const { jobId } = this.#file;
    return new DestinationError(
      "DESTINATION_LOAD_FILE_UNREADABLE",
      `Load file \`${jobId}\` has ${found} rows, and was written with ${written}. Those that were found are handed over.`,
      {
        hint: "Do not change files of a load package; drop the package and extract again.",
        context: this.#place(),
      },
    );
  }

  #place(): { readonly job: string; readonly table: string; readonly load: string } {
    const { jobId, table, loadId } = this.#file;
    return { job: jobId, table: table.name, load: loadId };
  }
}

const utf8 = new TextEncoder();

function rowsText(first: number, last: number): string {
  return first === last ? `row ${first}` : `rows ${first} to ${last}`;
}

/** True for an error that says that trying again is useless. */
function isFinal(error: unknown): boolean {
  return typeof error === "object" && error !== null && (error as { readonly retryable?: unknown }).retryable === false;
}

function begunInBatches({ jobId, loadId, table }: LoadFile, { name }: FunctionSession, rows: number): DestinationError {
  return new DestinationError(
    "DESTINATION_BATCHES_CHANGED",
    `${rows} rows of \`${jobId}\` were handed to destination \`${name}\` in batches before. The file as a whole would bring them again, and was not handed over.`,
    {
      hint: "Set `batchSize` back to a number of rows until the package is loaded.",
      context: { job: jobId, table: table.name, load: loadId },
    },
  );
}
