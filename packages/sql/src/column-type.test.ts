import type { ColumnSchema } from "@dlt/core";
import { describe, expect, it } from "vitest";
import { elephant } from "../test/dialects.js";
import { columnType, storedColumnType } from "./column-type.js";

const typeOf = (column: Omit<ColumnSchema, "name">) => columnType(elephant, "t", { name: "c", ...column });

describe("columnType", () => {
  it.each<[Omit<ColumnSchema, "name">, string]>([
    [{ dataType: "bigint" }, "bigint"],
    [{ dataType: "bigint", precision: 0 }, "smallint"],
    [{ dataType: "bigint", precision: 16 }, "smallint"],
    [{ dataType: "bigint", precision: 17 }, "integer"],
    [{ dataType: "bigint", precision: 64 }, "bigint"],
    [{ dataType: "timestamp" }, "timestamp with time zone"],
    [{ dataType: "timestamp", timezone: true, precision: 3 }, "timestamp (3) with time zone"],
    [{ dataType: "timestamp", timezone: false }, "timestamp without time zone"],
    [{ dataType: "timestamp", timezone: false, precision: 0 }, "timestamp (0) without time zone"],
    [{ dataType: "time", precision: 3 }, "time (3)"],
    [{ dataType: "decimal" }, "numeric(38,9)"],
    [{ dataType: "decimal", precision: 10, scale: 2 }, "numeric(10,2)"],
    [{ dataType: "decimal", precision: 20 }, "numeric(20,9)"],
    [{ dataType: "decimal", scale: 0 }, "numeric(38,0)"],
    [{ dataType: "wei" }, "numeric(156,78)"],
    [{ dataType: "wei", precision: 78, scale: 0 }, "numeric(78,0)"],
    [{ dataType: "text" }, "varchar"],
    [{ dataType: "text", precision: null }, "varchar"],
    [{ dataType: "text", precision: 64 }, "varchar(64)"],
    [{ dataType: "binary", precision: 8 }, "bytea"],
    [{ dataType: "json" }, "jsonb"],
    [{ dataType: "double" }, "double precision"],
    [{ dataType: "bool" }, "boolean"],
    [{ dataType: "date" }, "date"],
  ])("%o is %s", (column, type) => {
    expect(typeOf(column)).toBe(type);
  });

  it.each<[Omit<ColumnSchema, "name">, string]>([
    [{ dataType: "bigint", precision: 65 }, "it has precision 65, but 64 is the most for `bigint`"],
    [{ dataType: "timestamp", precision: 9 }, "it has precision 9, but 6 is the most for `timestamp`"],
    [{ dataType: "decimal", precision: 1001 }, "it has precision 1001, but 1000 is the most"],
    [{ dataType: "decimal", precision: 5 }, "it has scale 9, which is more than its precision 5"],
    [{}, "it has no data type"],
  ])("%o is refused", (column, reason) => {
    expect(() => typeOf(column)).toThrow(`Elephant cannot hold column \`c\` of table \`t\`: ${reason}.`);
  });

  it("refuses what the capabilities leave out", () => {
    const dialect = { ...elephant, capabilities: { ...elephant.capabilities, unsupportedTypes: ["time"] as const } };
    expect(() => columnType(dialect, "t", { name: "c", dataType: "time" })).toThrow(
      "for which there is no column type",
    );
  });
});

describe("storedColumnType", () => {
  it.each([
    [{ type: "varchar(64)" }, { dataType: "text", precision: 64 }],
    [
      { type: "NUMERIC", precision: 38, scale: 9 },
      { dataType: "decimal", precision: 38, scale: 9 },
    ],
    [{ type: "numeric(10,2)" }, { dataType: "decimal", precision: 10, scale: 2 }],
    [{ type: "numeric(156, 78)" }, { dataType: "wei", precision: 156, scale: 78 }],
    [{ type: "timestamp (3) with time zone" }, { dataType: "timestamp", precision: 3 }],
    [{ type: "geometry(Point,4326)" }, { dataType: "text" }],
    [{ type: "jsonb", precision: null, scale: null }, { dataType: "json" }],
  ])("%o", (stored, columnTypeOfStored) => {
    expect(storedColumnType(elephant, stored)).toEqual(columnTypeOfStored);
  });
});
