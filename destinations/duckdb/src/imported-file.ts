import { DestinationError, type LoadFile } from "@dlt/core";
import type { SqlDataset } from "@dlt/sql";
import type { Session } from "./session.js";
import { describeFile, selectJsonKeys } from "./sql.js";

/**
 * Checks that the table has every column of a file that was not written here, or with other settings: of JSON lines DuckDB would leave out
 * the others. `header`: the columns of a CSV file.
 * @throws DestinationError `DESTINATION_FILE_COLUMNS_DIFFER`, `DESTINATION_VALUE_REFUSED`
 */
export async function checkColumns(
  session: Session,
  target: SqlDataset,
  { file, header }: { readonly file: LoadFile; readonly header: readonly string[] },
): Promise<void> {
  switch (file.format) {
    case "csv": {
      const known = lowerCase(file.table.columns.keys());
      const position = header.findIndex((name) => !known.has(name.toLowerCase()));
      // Without a header these are values, which no message shows.
      if (position >= 0) throw columnsDiffer(file, `name ${position + 1} of the first line is none of a column`);
      return;
    }
    case "jsonl": {
      const keys = await session.rows(selectJsonKeys(target, file));
      if (keys.some(([key]) => key === null)) throw notObjects(file);
      const unknown = keys.map(([key]) => String(key)).filter((key) => !file.table.columns.has(key));
      if (unknown.length > 0) throw columnsDiffer(file, `the table has no ${listed(unknown)}`);
      return;
    }
    case "parquet": {
      const known = lowerCase(file.table.columns.keys());
      const columns = (await session.rows(describeFile(target, file))).map(([name]) => String(name));
      const unknown = columns.filter((name) => !known.has(name.toLowerCase()));
      if (unknown.length > 0) throw columnsDiffer(file, `the table has no ${listed(unknown)}`);
      return;
    }
  }
}

/** Identifiers that differ in case only are the same. */
function lowerCase(names: Iterable<string>): ReadonlySet<string> {
  return new Set([...names].map((name) => name.toLowerCase()));
}

function listed(names: readonly string[]): string {
  const shown = names.toSorted().slice(0, 5);
  const others = names.length - shown.length;
  return `${shown.map((name) => `\`${name}\``).join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}

function columnsDiffer(file: LoadFile, difference: string): DestinationError {
  return new DestinationError(
    "DESTINATION_FILE_COLUMNS_DIFFER",
    `\`${file.jobId}\` does not fit table \`${file.table.name}\`: ${difference}. Nothing of it was loaded.`,
    {
      hint:
        file.isImported === true
          ? "Give the columns of the file the names that the table has, or declare those that are missing as `hints` of `withFileImport`; then drop the package and run again."
          : "DuckDB reads CSV files with commas and a header: leave `delimiter` and `include_header` of `normalize.data_writer` as they are; then drop the package and run again.",
      context: { job: file.jobId, table: file.table.name, load: file.loadId },
    },
  );
}

function notObjects(file: LoadFile): DestinationError {
  return new DestinationError(
    "DESTINATION_VALUE_REFUSED",
    `A line of \`${file.jobId}\` is no JSON object, so that it is no row of table \`${file.table.name}\`. Nothing of it was loaded.`,
    {
      hint: "Write one object in each line; then drop the package and run again.",
      context: { job: file.jobId, table: file.table.name, load: file.loadId },
    },
  );
}
