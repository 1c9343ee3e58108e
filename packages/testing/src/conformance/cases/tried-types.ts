import type { ColumnSchema, Destination, DestinationCapabilities, FileFormat } from "@dlt/core";
import type { Cell } from "../column-batch.js";

/** A column, and what it has to hold. */
export interface TriedType {
  /** What of it, e.g. `extremes of bigint`. */
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
/** More than a buffer, a page or a packet usually holds. */
const longText = 'a line, "quoted" \\ ünïcödé 🦆\n'.repeat(40_000);
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
const infinities = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
export const allBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** Every data type that the destination has, and the sizes of it that matter. */
export function typesOf({ capabilities }: Destination): readonly TriedType[] {
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
  return types
    .filter(({ column }) => !unsupportedTypes.some((type) => type === column.dataType))
    .map((type) => ({ ...type, name: `extremes of ${type.name}` }));
}

/** Values that some formats and systems lack: an exception is for one of them alone. */
export function specialTypes({ capabilities }: Destination, { name: format }: FileFormat): readonly TriedType[] {
  const {
    decimalPrecision: [precision] = [38, 9],
    unsupportedTypes = [],
    maxTextBytes = 4 * longText.length,
  } = capabilities;
  const nines = "9".repeat(precision);
  const milliseconds = ["0001-01-01T00:00:00Z", "2024-02-29T12:34:56.789Z", "9999-12-31T23:59:59.999Z"];
  const types: readonly TriedType[] = [
    { name: "a text of a megabyte", column: { dataType: "text" }, cells: [longText.slice(0, maxTextBytes / 4)] },
    { name: "zero with a sign", column: { dataType: "double" }, cells: [0, -0] },
    // JSON has neither.
    ...(format === "jsonl"
      ? []
      : [{ name: "NaN and infinities", column: { dataType: "double" } as const, cells: [Number.NaN, ...infinities] }]),
    {
      name: "extremes of decimal without a fraction",
      column: { dataType: "decimal", precision, scale: 0 },
      cells: ["0", nines, `-${nines}`],
    },
    {
      name: "extremes of timestamp of 3 digits",
      column: { dataType: "timestamp", precision: 3 },
      cells: milliseconds,
    },
  ];
  return types.filter(({ column }) => !unsupportedTypes.some((type) => type === column.dataType));
}

function digitsOfWei({ weiPrecision = [38, 0] }: DestinationCapabilities): number {
  return weiPrecision[0] - weiPrecision[1];
}
