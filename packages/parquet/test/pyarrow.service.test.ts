import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileColumn, FileTable } from "@dlt/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sample } from "./arbitraries.js";
import { type Cell, columnOf } from "./columns.js";
import { fileOf, type Rows } from "./readers.js";

interface PyArrowTable {
  readonly types: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, string | boolean | null>>[];
}

const script = join(import.meta.dirname, "read_parquet.py");

function readWithPyArrow(paths: readonly string[]): readonly PyArrowTable[] {
  const output = execFileSync("python3", [script, ...paths], { encoding: "utf8", maxBuffer: 1 << 28 });
  return JSON.parse(output) as readonly PyArrowTable[];
}

/** A cell as the script prints it. */
function printed(cell: Cell, column: FileColumn): string | boolean | null {
  if (cell === null || typeof cell === "boolean") return cell;
  if (column.dataType === "double") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(cell as number);
    return Number.isNaN(cell) ? "nan" : bytes.toString("hex");
  }
  return cell instanceof Uint8Array ? Buffer.from(cell).toString("hex") : String(cell);
}

const printedRows = (rows: Rows, { columns }: FileTable): PyArrowTable["rows"] =>
  rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column.name, printed(row[column.name] ?? null, column)])),
  );

function isInstalled(): boolean {
  try {
    execFileSync("python3", ["-c", "import pyarrow"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const isRequired = (process.env["DLT_TEST_REQUIRE"] ?? "").split(",").includes("pyarrow");

describe.skipIf(!isRequired && !isInstalled())("pyarrow", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dlt-parquet-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const store = (name: string, bytes: Uint8Array): string => {
    const path = join(folder, `${name}.parquet`);
    writeFileSync(path, bytes);
    return path;
  };

  test("reads files as the rows that were written", { timeout: 120_000 }, async () => {
    const small = fc.sample(sample({ minRows: 0, maxRows: 40 }), 200);
    const long = fc.sample(sample({ minRows: 600, maxRows: 3000 }), 30);
    const samples = [...small, ...long];
    const compressions = ["none", "snappy", "gzip"] as const;
    const files = await Promise.all(
      samples.map(({ table, batches }, index) =>
        fileOf(table, batches, { compression: compressions[index % 3] ?? "none" }),
      ),
    );
    const read = readWithPyArrow(files.map((bytes, index) => store(`sample-${index}`, bytes)));
    for (const [index, { table, rows }] of samples.entries()) {
      expect(read[index]?.rows).toEqual(printedRows(rows, table));
    }
  });

  const typed: readonly (readonly [Omit<FileColumn, "name" | "nullable">, Cell, string])[] = [
    [{ dataType: "text" }, "ü", "string"],
    [{ dataType: "json" }, '{"a":1}', "string"],
    [{ dataType: "binary" }, Uint8Array.of(255), "binary"],
    [{ dataType: "double" }, 1.5, "double"],
    [{ dataType: "bool" }, true, "bool"],
    [{ dataType: "date" }, -1, "date32[day]"],
    [{ dataType: "time" }, 1n, "time64[us]"],
    [{ dataType: "timestamp" }, -1n, "timestamp[us, tz=UTC]"],
    [{ dataType: "timestamp", timezone: false }, 1n, "timestamp[us]"],
    [{ dataType: "bigint", precision: 8 }, -128n, "int8"],
    [{ dataType: "bigint", precision: 16 }, 32_767n, "int16"],
    [{ dataType: "bigint", precision: 32 }, -1n, "int32"],
    [{ dataType: "bigint" }, 1n << 62n, "int64"],
    [{ dataType: "decimal" }, -1n, "decimal128(38, 9)"],
    [{ dataType: "decimal", precision: 12, scale: 2 }, -1n, "decimal128(12, 2)"],
    [{ dataType: "wei" }, 10n ** 37n, "decimal128(38, 0)"],
    [{ dataType: "wei", precision: 76, scale: 0 }, -(10n ** 38n), "decimal256(76, 0)"],
    [{ dataType: "wei", precision: 78, scale: 0 }, 10n ** 38n, "decimal256(76, 0)"],
    [{ dataType: "decimal", precision: 50, scale: 20 }, -(10n ** 38n), "decimal256(50, 20)"],
  ];

  test("sees the types that are promised", async () => {
    const columns = typed.map(([type], index): FileColumn => ({ ...type, name: `c${index}`, nullable: true }));
    const batch = {
      rowCount: 2,
      columns: typed.map(([type, cell], index) => columnOf(`c${index}`, type, [cell, null])),
    };
    const table = { name: "t", columns };
    const [read] = readWithPyArrow([store("types", await fileOf(table, [batch]))]);
    expect(Object.values(read?.types ?? {})).toEqual(typed.map(([, , type]) => type));
    const row = Object.fromEntries(typed.map(([, cell], index): [string, Cell] => [`c${index}`, cell]));
    const empty = Object.fromEntries(columns.map(({ name }) => [name, null]));
    expect(read?.rows).toEqual(printedRows([row, empty], table));
  });
});
