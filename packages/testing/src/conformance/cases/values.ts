import type { ColumnSchema, Destination, DestinationCapabilities, FileFormat } from "@dlt/core";
import type { Cell } from "../column-batch.js";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runLoad } from "../direct-load.js";
import { writableFormats } from "../load-file.js";
import { expectRows, tableOf } from "../stored-rows.js";

/** Every data type, in every format of load files. */
export const values: ConformanceArea = {
  name: "values",
  isEssential: false,
  testsFor: (destination) =>
    writableFormats(destination).flatMap((format) => [
      ...typesOf(destination).map((type) => keepsExtremes(type, format)),
      keepsNulls(destination, format),
      ...(format.name === "csv" ? [] : [keepsEmptyText(format)]),
      lacksColumns(format),
    ]),
};

/** A column, and what it has to hold. */
interface TriedType {
  readonly name: string;
  readonly column: Omit<ColumnSchema, "name">;
  readonly cells: readonly Cell[];
}

const text = [
  " spaces around ",
  "NULL",
  "null",
  "\\N",
  "\\",
  'it\'s "quoted", `so`',
  "tab\t, line\nand\r\nline",
  "%s $1 ? :name {}",
  "ünïcödé 日本語 🦆\u200d",
  "'; DROP TABLE users; --",
  "x".repeat(100_000),
];
const documents = [
  "{}",
  "[]",
  '"text"',
  "12.5",
  '{"a":[1,null,{"b":"it\'s \\"quoted\\"\\n"}],"ü":true}',
  `{"deep":${"[".repeat(50)}${"]".repeat(50)}}`,
];
const times = ["00:00:00", "03:04:05.000600", "23:59:59.999999"];
const dates = ["0001-01-01", "1969-12-31", "1970-01-01", "2024-02-29", "9999-12-31"];
const instants = [
  "0001-01-01T00:00:00Z",
  "1969-12-31T23:59:59.999999Z",
  "2024-02-29T12:34:56.123456Z",
  "9999-12-31T23:59:59.999999Z",
];
const doubles = [0, 0.1, -2.5, 1e21, 5e-324, Number.MIN_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE];
const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

function typesOf({ capabilities }: Destination): readonly TriedType[] {
  const { decimalPrecision = [38, 9], unsupportedTypes = [], supportsNaiveTimestamp = false } = capabilities;
  const [precision, scale] = decimalPrecision;
  const most = "9".repeat(precision - scale);
  const weiDigits = "9".repeat(Math.min(38, digitsOfWei(capabilities)));
  const types: readonly TriedType[] = [
    { name: "text", column: { dataType: "text" }, cells: text },
    { name: "bigint", column: { dataType: "bigint" }, cells: [0, -1, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n] },
    ...[8, 16, 32].map((bits) => ({
      name: `bigint of ${bits} bits`,
      column: { dataType: "bigint", precision: bits } as const,
      cells: [0, 2 ** (bits - 1) - 1, -(2 ** (bits - 1))],
    })),
    { name: "double", column: { dataType: "double" }, cells: doubles },
    { name: "bool", column: { dataType: "bool" }, cells: [true, false] },
    { name: "timestamp", column: { dataType: "timestamp" }, cells: instants },
    ...(supportsNaiveTimestamp
      ? [
          {
            name: "timestamp without a time zone",
            column: { dataType: "timestamp", timezone: false } as const,
            cells: instants.map((instant) => instant.slice(0, -1)),
          },
        ]
      : []),
    { name: "date", column: { dataType: "date" }, cells: dates },
    { name: "time", column: { dataType: "time" }, cells: times },
    { name: "binary", column: { dataType: "binary" }, cells: [Buffer.from("plain text"), allBytes, new Uint8Array(0)] },
    { name: "json", column: { dataType: "json" }, cells: documents },
    {
      name: "decimal",
      column: { dataType: "decimal" },
      cells: [
        "0",
        "1.1",
        `${most}.${"9".repeat(scale)}`,
        `-${most}.${"9".repeat(scale)}`,
        `0.${"0".repeat(scale - 1)}1`,
      ],
    },
    {
      name: "decimal of 10 digits",
      column: { dataType: "decimal", precision: 10, scale: 2 },
      cells: ["0", "99999999.99", "-99999999.99", "0.01"],
    },
    { name: "wei", column: { dataType: "wei" }, cells: ["0", weiDigits, `-${weiDigits}`] },
  ];
  return types.filter(({ column }) => !unsupportedTypes.some((type) => type === column.dataType));
}

function digitsOfWei({ weiPrecision = [38, 0] }: DestinationCapabilities): number {
  return weiPrecision[0] - weiPrecision[1];
}

function keepsExtremes({ name, column, cells }: TriedType, format: FileFormat): ConformanceTest {
  const table = tableOf("extremes", { id: "bigint", value: column });
  const rows = cells.filter((cell) => format.name !== "csv" || isTextInCsv(cell)).map((value, id) => ({ id, value }));
  return {
    name: `keeps extremes of ${name}, in ${format.name}`,
    async run(trial) {
      const load = await directLoad(trial, {
        number: 1,
        tables: [table],
        files: [{ table: table.name, rows, format }],
      });
      await runLoad(await trial.connect(), load);
      await expectRows(trial, table, rows);
    },
  };
}

/** CSV holds bytes that are UTF-8, and does not tell empty values from missing ones. */
function isTextInCsv(cell: Cell): boolean {
  return !(cell instanceof Uint8Array) || (cell.length > 0 && cell !== allBytes);
}

function keepsNulls(destination: Destination, format: FileFormat): ConformanceTest {
  const types = typesOf(destination).map(({ column, cells }, index) => ({ name: `c${index}`, column, cells }));
  const table = tableOf("nulls", {
    id: "bigint",
    ...Object.fromEntries(types.map(({ name, column }) => [name, column])),
  });
  const missing = Object.fromEntries(types.map(({ name }) => [name, null]));
  const rows = [
    { id: 1, ...missing },
    { id: 2, ...Object.fromEntries(types.map(({ name, cells }) => [name, cells[0] ?? null])) },
    { id: 3, ...missing },
  ];
  return {
    name: `keeps NULL in columns of every type, in ${format.name}`,
    async run(trial) {
      const load = await directLoad(trial, {
        number: 1,
        tables: [table],
        files: [{ table: table.name, rows, format }],
      });
      await runLoad(await trial.connect(), load);
      await expectRows(trial, table, rows);
    },
  };
}

function keepsEmptyText(format: FileFormat): ConformanceTest {
  const table = tableOf("texts", { id: "bigint", value: "text" });
  const rows = ["", null, " "].map((value, id) => ({ id, value }));
  return {
    name: `tells empty text from NULL, in ${format.name}`,
    async run(trial) {
      const load = await directLoad(trial, {
        number: 1,
        tables: [table],
        files: [{ table: table.name, rows, format }],
      });
      await runLoad(await trial.connect(), load);
      await expectRows(trial, table, rows);
    },
  };
}

function lacksColumns(format: FileFormat): ConformanceTest {
  const table = tableOf("columns", { id: "bigint", first: "text", second: "double", third: "bool" });
  const rows = [{ id: 1, second: 2.5 }];
  return {
    name: `takes files that lack columns, in ${format.name}`,
    async run(trial) {
      const load = await directLoad(trial, {
        number: 1,
        tables: [table],
        files: [
          { table: table.name, rows, format },
          { table: table.name, rows: [], format },
        ],
      });
      await runLoad(await trial.connect(), load);
      await expectRows(trial, table, rows);
    },
  };
}
