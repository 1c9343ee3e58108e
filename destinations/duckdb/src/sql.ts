import { DestinationError, type LoadFile } from "@dlt/core";
import { columnType, quoteIdentifier, quoteTable, quoteText, type SqlDataset, type Statement } from "@dlt/sql";

/** Inserts the rows of a load file by the names of its columns. `fileColumns` is needed for CSV alone: what its header says. */
export function insertFromFile(dataset: SqlDataset, file: LoadFile, fileColumns: readonly string[] = []): Statement {
  const target = quoteTable(dataset.dialect, dataset.name, file.table.name);
  return { text: `INSERT INTO ${target} BY NAME ${selectFromFile(dataset, file, fileColumns)}`, values: [] };
}

/** Gives the columns of a CSV file and no rows. */
export function selectCsvHeader(dataset: SqlDataset, file: LoadFile): Statement {
  return { text: `SELECT * FROM ${readCsv(dataset, file)} LIMIT 0`, values: [] };
}

function selectFromFile(dataset: SqlDataset, file: LoadFile, fileColumns: readonly string[]): string {
  switch (file.format) {
    case "parquet":
      // A folder named `key=value` on the way to the file is no column.
      return `SELECT * FROM read_parquet(${location(dataset, file)}, hive_partitioning = false)`;
    case "jsonl":
      return `SELECT *${decodeBinary(dataset, file, "from_base64", file.table.columns.keys())} FROM ${readJsonLines(dataset, file)}`;
    case "csv":
      return `SELECT *${decodeBinary(dataset, file, "encode", fileColumns)} FROM ${readCsv(dataset, file)}`;
    default:
      throw new DestinationError(
        "DESTINATION_FORMAT_UNSUPPORTED",
        `DuckDB does not load \`${file.jobId}\`, a file of the format \`${file.format}\`.`,
        {
          hint: 'Set `loaderFileFormat` to "parquet", "jsonl" or "csv".',
          context: { format: file.format, job: file.jobId },
        },
      );
  }
}

/** All columns of the table with their types; a column that a row or the file lacks is null. */
function readJsonLines(dataset: SqlDataset, file: LoadFile): string {
  const { dialect } = dataset;
  const columns = [...file.table.columns.values()].map((column) => {
    const type = column.dataType === "binary" ? "VARCHAR" : columnType(dialect, file.table.name, column);
    return `${quoteText(dialect, column.name)}: ${quoteText(dialect, type)}`;
  });
  return `read_json(${location(dataset, file)}, format = 'newline_delimited', hive_partitioning = false, columns = {${columns.join(", ")}})`;
}

/** As text, which the insert casts to the types of the table; an empty field is null. */
function readCsv(dataset: SqlDataset, file: LoadFile): string {
  return (
    `read_csv(${location(dataset, file)}, header = true, all_varchar = true, auto_detect = false, hive_partitioning = false, ` +
    `delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = '', allow_quoted_nulls = true)`
  );
}

/** Binary columns are text in files of text. */
function decodeBinary(dataset: SqlDataset, { table }: LoadFile, decode: string, fileColumns: Iterable<string>): string {
  const decoded: string[] = [];
  for (const name of fileColumns) {
    if (table.columns.get(name)?.dataType !== "binary") continue;
    const column = quoteIdentifier(dataset.dialect, name);
    decoded.push(`${decode}(${column}) AS ${column}`);
  }
  return decoded.length === 0 ? "" : ` REPLACE (${decoded.join(", ")})`;
}

/** A path matches itself alone, although DuckDB reads paths as patterns. */
function location({ dialect }: SqlDataset, { at }: LoadFile): string {
  return quoteText(dialect, "path" in at ? at.path.replace(/[[*?]/g, (character) => `[${character}]`) : at.url);
}
