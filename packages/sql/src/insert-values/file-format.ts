import { type ByteSink, type Column, type FileFormat, type FileTable, type FileWriter, InternalError } from "@dlt/core";
import { readValue } from "@dlt/core/engine";
import { quote, standardIdentifiers } from "../quote.js";
import { isRefused, type LiteralStyle, literal, zeroRefused } from "./literal.js";

export interface InsertValuesOptions {
  readonly literals: LiteralStyle;
}

/** What `FilePart.layout` of the format is: parts go only into files that were opened for the same columns. */
interface InsertValuesLayout {
  readonly format: "insert_values";
  readonly header: string;
}

/**
 * An `INSERT` with the rows of a file, one on a line: `INSERT INTO {}("id","name")`, `VALUES`, `(1,'a'),`, `(2,'b');`. The braces
 * stand for the table. A file without rows is empty. Encoding throws SchemaError `FILE_TEXT_HAS_ZERO`.
 */
export function insertValues({ literals }: InsertValuesOptions): FileFormat {
  return {
    name: "insert_values",
    extension: "insert_values",
    encode({ rowCount, columns }, table) {
      const given = new Map(columns.map((column): [string, Column] => [column.name, column]));
      const lines: string[] = [];
      for (let row = 0; row < rowCount; row++) {
        const values = table.columns.map(({ name, dataType }) => {
          const column = given.get(name);
          const value = column === undefined ? null : readValue(column, row);
          if (isRefused(literals, dataType, value)) throw zeroRefused({ table: table.name, column: name, row });
          return literal(literals, dataType, value);
        });
        lines.push(`(${values.join(",")})`);
      }
      const layout: InsertValuesLayout = { format: "insert_values", header: headerOf(table) };
      return { rowCount, bytes: new TextEncoder().encode(lines.join(",\n")), layout };
    },
    open: (table, sink) => insertValuesWriter(table, sink),
  };
}

function insertValuesWriter(table: FileTable, sink: ByteSink): FileWriter {
  const utf8 = new TextEncoder();
  const header = headerOf(table);
  let rowCount = 0;
  let bytes = 0;
  const append = async (part: Uint8Array): Promise<void> => {
    bytes += part.length;
    await sink.write(part);
  };
  return {
    async write(part) {
      const layout = part.layout as Partial<InsertValuesLayout> | undefined;
      if (layout?.format !== "insert_values" || layout.header !== header) {
        throw new InternalError(
          "INTERNAL_STATE_UNEXPECTED",
          `A part was not encoded as insert_values for the columns of table \`${table.name}\`.`,
        );
      }
      if (part.rowCount === 0) return;
      await append(utf8.encode(rowCount === 0 ? `${header}\nVALUES\n` : ",\n"));
      await append(part.bytes);
      rowCount += part.rowCount;
    },
    async close() {
      if (rowCount > 0) await append(utf8.encode(";\n"));
      await sink.close();
      return { rowCount, bytes };
    },
  };
}

function headerOf({ columns }: FileTable): string {
  return `INSERT INTO {}(${columns.map(({ name }) => quote(standardIdentifiers, name)).join(",")})`;
}
