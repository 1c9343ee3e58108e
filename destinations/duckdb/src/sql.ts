import { fileURLToPath } from "node:url";
import { DestinationError, type LoadFile } from "@dlt/core";
import { columnType, quoteIdentifier, quoteTable, quoteText, type SqlDataset, type Statement } from "@dlt/sql";

/** Inserts the rows of a load file by the names of its columns. `header` is needed for CSV alone: the columns of the file. */
export function insertFromFile(dataset: SqlDataset, file: LoadFile, header: readonly string[] = []): Statement {
  const target = quoteTable(dataset.dialect, dataset.name, file.table.name);
  return { text: `INSERT INTO ${target} BY NAME ${selectFromFile(dataset, file, header)}`, values: [] };
}

/** Gives the header of a CSV file as a row, as it is written. What would make a later row unreadable does not count yet. */
export function selectCsvHeader(dataset: SqlDataset, file: LoadFile): Statement {
  // Padded rows and line breaks in quotation marks do not go together on several threads.
  const tolerant =
    "header = false, all_varchar = true, strict_mode = false, null_padding = true, ignore_errors = true, parallel = false";
  return {
    text: `SELECT * FROM read_csv(${textFile(dataset, file)}, ${csvFormat(file)}, ${tolerant}) LIMIT 1`,
    values: [],
  };
}

/** Gives the columns of a Parquet file, each name first. */
export function describeFile(dataset: SqlDataset, file: LoadFile): Statement {
  return { text: `DESCRIBE ${selectFromFile(dataset, file, [])}`, values: [] };
}

/** Gives each key of the objects of a JSON lines file once, and null when a line is no object. */
export function selectJsonKeys(dataset: SqlDataset, file: LoadFile): Statement {
  const lines = `read_json_objects(${textFile(dataset, file)}, format = 'newline_delimited', hive_partitioning = false)`;
  const keys = "CASE json_type(json) WHEN 'OBJECT' THEN json_keys(json) ELSE [NULL] END";
  return { text: `SELECT DISTINCT unnest(${keys}) FROM ${lines}`, values: [] };
}

function selectFromFile(dataset: SqlDataset, file: LoadFile, header: readonly string[]): string {
  switch (file.format) {
    case "parquet":
      // A folder named `key=value` on the way to the file is no column.
      return `SELECT * FROM read_parquet(${location(dataset, file)}, hive_partitioning = false)`;
    case "jsonl":
      return `SELECT *${decodeBinary(dataset, file, "from_base64", file.table.columns.keys())} FROM ${readJsonLines(dataset, file)}`;
    case "csv":
      return `SELECT *${decodeBinary(dataset, file, "encode", header)} FROM ${readCsv(dataset, file, header)}`;
    default:
      throw new DestinationError(
        "DESTINATION_FORMAT_UNSUPPORTED",
        `DuckDB does not load \`${file.jobId}\`, a file of the format \`${file.format}\`.`,
        {
          hint: 'Set `loaderFileFormat` to "parquet", "jsonl", "csv" or "insert_values".',
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
  return `read_json(${textFile(dataset, file)}, format = 'newline_delimited', hive_partitioning = false, columns = {${columns.join(", ")}})`;
}

/** As text, which the insert casts to the types of the table; an empty field is null, where the column can be that. */
function readCsv(dataset: SqlDataset, file: LoadFile, header: readonly string[]): string {
  const quoted = (name: string): string => quoteText(dataset.dialect, name);
  const columns = header.map((name) => `${quoted(name)}: 'VARCHAR'`);
  const required = header.filter((name) => hasEmptyValues(file, name)).map(quoted);
  return `read_csv(${textFile(dataset, file)}, ${csvFormat(file)}, header = true, auto_detect = false, columns = {${columns.join(", ")}}, force_not_null = [${required.join(", ")}])`;
}

/** True for text and bytes that are never null; in a file that was not written here an empty field may stand for a value that is missing. */
function hasEmptyValues({ table, isImported = false }: LoadFile, name: string): boolean {
  const { dataType, nullable } = table.columns.get(name) ?? {};
  return !isImported && nullable === false && (dataType === "text" || dataType === "binary");
}

/** Lines of files that were not written here may end otherwise, which DuckDB finds out. */
function csvFormat({ isImported = false }: LoadFile): string {
  const lineEnd = isImported ? "" : "new_line = '\\n', ";
  return `delim = ',', quote = '"', escape = '"', ${lineEnd}nullstr = '', allow_quoted_nulls = true, hive_partitioning = false`;
}

/** Binary columns are text in files of text. */
function decodeBinary(dataset: SqlDataset, { table }: LoadFile, decode: string, columns: Iterable<string>): string {
  const decoded: string[] = [];
  for (const name of columns) {
    if (table.columns.get(name)?.dataType !== "binary") continue;
    const column = quoteIdentifier(dataset.dialect, name);
    decoded.push(`${decode}(${column}) AS ${column}`);
  }
  return decoded.length === 0 ? "" : ` REPLACE (${decoded.join(", ")})`;
}

/** Names of staged files are those of a layout, which may leave out the extension. */
function textFile(dataset: SqlDataset, file: LoadFile): string {
  const isCompressed = [file.jobId, pathOf(file)].some((name) => name.endsWith(".gz"));
  return `${location(dataset, file)}${isCompressed ? ", compression = 'gzip'" : ""}`;
}

/** A path matches itself alone, although DuckDB reads paths as patterns. */
function location({ dialect }: SqlDataset, file: LoadFile): string {
  return quoteText(
    dialect,
    pathOf(file).replace(/[[*?]/g, (character) => `[${character}]`),
  );
}

function pathOf({ at }: LoadFile): string {
  return "path" in at ? at.path : fileURLToPath(at.url);
}
