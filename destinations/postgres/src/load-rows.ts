import { DestinationError, type LoadFile } from "@dlt/core";
import { readStreamHead } from "@dlt/postgres-copy";
import {
  comparableIdentifier,
  insertStatements,
  quoteIdentifier,
  quoteTable,
  quoteText,
  type SqlDataset,
} from "@dlt/sql";
import { isTextType } from "./catalog.js";
import { binaryCopyPlan, type CopyPlan, textCopyPlan } from "./copy-plan.js";
import type { CsvFormat } from "./csv-format.js";
import { firstRecord } from "./csv-record.js";
import { readBeginning, readLoadFile, unreadable } from "./load-file.js";
import type { Session } from "./session.js";
import { type StoredTarget, storedTarget } from "./stored-target.js";

/** Brings the rows of a file into its table, in the transaction of the session; gives how many there are. */
export async function loadRows(
  session: Session,
  dataset: SqlDataset,
  { file, csvFormat }: { readonly file: LoadFile; readonly csvFormat: CsvFormat },
): Promise<number> {
  switch (file.format) {
    case "pgcopy":
      return await loadBinary(session, dataset, file);
    case "csv":
      return await loadCsv(session, dataset, { file, csvFormat });
    case "insert_values":
      return await loadInserts(session, dataset, file);
    default:
      throw new DestinationError(
        "DESTINATION_FORMAT_UNSUPPORTED",
        `PostgreSQL does not load \`${file.jobId}\`, a file of the format \`${file.format}\`.`,
        {
          hint: 'Set `loaderFileFormat` to "pgcopy", "csv" or "insert_values".',
          context: { format: file.format, job: file.jobId },
        },
      );
  }
}

async function loadBinary(session: Session, dataset: SqlDataset, file: LoadFile): Promise<number> {
  const { columns } = await readBeginning(file, readStreamHead);
  if (columns === null) throw unreadable(file, "its head does not say which columns it has");
  const target = await storedTarget(session, dataset, { file, columns: columns.map(({ name }) => name) });
  return await copy(session, { file, plan: binaryCopyPlan(target, file, columns), options: "FORMAT binary" });
}

async function loadCsv(
  session: Session,
  dataset: SqlDataset,
  { file, csvFormat }: { readonly file: LoadFile; readonly csvFormat: CsvFormat },
): Promise<number> {
  const { delimiter, includeHeader } = csvFormat;
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  const first = await readBeginning(file, (beginning, isWhole) =>
    firstRecord(utf8.decode(beginning), { delimiter, isWhole }),
  );
  const columns = includeHeader ? first : [...file.table.columns.keys()].slice(0, first.length);
  checkColumns(dataset, file, { columns, count: first.length });
  if (columns.length === 0) return 0;
  const target = await storedTarget(session, dataset, { file, columns });
  const { dialect } = dataset;
  const options = [
    "FORMAT csv",
    `HEADER ${includeHeader}`,
    `DELIMITER ${quoteText(dialect, delimiter)}`,
    "NULL ''",
    "ENCODING 'UTF8'",
    ...emptyAsNull(target, columns),
  ];
  return await copy(session, { file, plan: textCopyPlan(target, columns), options: options.join(", ") });
}

/** An empty field between quotes is null, too, except for a text or bytes that cannot be null. */
function emptyAsNull({ dataset: { dialect }, columns: stored }: StoredTarget, columns: readonly string[]) {
  const asNull = columns.filter((name) => {
    const { typeName = "", nullable = false } = stored.get(comparableIdentifier(dialect, name)) ?? {};
    return nullable || !(isTextType(typeName) || typeName === "bytea");
  });
  return asNull.length === 0 ? [] : [`FORCE_NULL (${asNull.map((name) => quoteIdentifier(dialect, name)).join(", ")})`];
}

async function copy(
  session: Session,
  { file, plan, options }: { readonly file: LoadFile; readonly plan: CopyPlan; readonly options: string },
): Promise<number> {
  for (const text of plan.before) await session.run({ text, values: [] });
  const rowCount = await session.copyIn(`COPY ${plan.into} FROM STDIN WITH (${options})`, readLoadFile(file));
  for (const text of plan.after) await session.run({ text, values: [] });
  return rowCount;
}

async function loadInserts(session: Session, { dialect, name }: SqlDataset, file: LoadFile): Promise<number> {
  const target = {
    into: (columns: readonly string[]) =>
      `${quoteTable(dialect, name, file.table.name)} (${columns.map((column) => quoteIdentifier(dialect, column)).join(", ")})`,
    // A character has up to four bytes, most have one.
    maxLength: (dialect.capabilities.maxQueryBytes ?? 1024 * 1024) / 4,
  };
  let rowCount = 0;
  for await (const text of insertStatements(readLoadFile(file), target)) {
    rowCount += await session.run({ text, values: [] });
  }
  return rowCount;
}

/** Columns of a file that was not written here are those that somebody named. */
function checkColumns(
  { dialect }: SqlDataset,
  file: LoadFile,
  { columns, count }: { readonly columns: readonly string[]; readonly count: number },
): void {
  const known = new Set([...file.table.columns.keys()].map((name) => comparableIdentifier(dialect, name)));
  const position = columns.findIndex((name) => !known.has(comparableIdentifier(dialect, name)));
  // Without a header these are values, which no message shows.
  if (file.isImported === true && position >= 0)
    throw columnsDiffer(file, `name ${position + 1} of the first line is none of a column`);
  if (count > columns.length) throw columnsDiffer(file, `it has ${count} columns, and the table has ${columns.length}`);
}

function columnsDiffer(file: LoadFile, difference: string): DestinationError {
  return new DestinationError(
    "DESTINATION_FILE_COLUMNS_DIFFER",
    `\`${file.jobId}\` does not fit table \`${file.table.name}\`: ${difference}. Nothing of it was loaded.`,
    {
      hint: "Give the columns of the file the names that the table has, or declare those that are missing as `hints` of `withFileImport`; then drop the package and run again.",
      context: { job: file.jobId, table: file.table.name, load: file.loadId },
    },
  );
}
