import type { Destination, FileFormat } from "@dlt/core";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runLoad } from "../direct-load.js";
import { importableFormats } from "../load-file.js";
import { expectRows, tableOf } from "../stored-rows.js";

/** Files that were not written here. */
export const importedFiles: ConformanceArea = {
  name: "imported files",
  isEssential: false,
  testsFor: (destination: Destination) => importableFormats(destination).flatMap(testsOf),
};

const table = tableOf("visits", {
  id: { dataType: "bigint", nullable: false },
  page: "text",
  note: "text",
  order: "bigint",
  at: "timestamp",
  seconds: "double",
  is_new: "bool",
  day: "date",
});
const rows = [
  { id: 1, page: "a", order: 2, at: "2024-01-02T03:04:05.678901Z", seconds: 2.5, is_new: true, day: "2024-01-02" },
  { id: 2, page: "b", order: 1, at: null, seconds: null, is_new: false, day: "1969-12-31" },
  { id: 3, page: 'c, "quoted"\nand cut', order: null, at: "1969-12-31T23:59:59Z", seconds: 0, is_new: null, day: null },
];
/** Neither that of the table nor sorted. */
const importedOrder = ["seconds", "page", "day", "at", "id", "is_new", "order"];

function testsOf(format: FileFormat): readonly ConformanceTest[] {
  return [
    {
      name: `finds columns of imported files by name, whatever their order, in ${format.name}`,
      async run(trial) {
        const client = await trial.connect();
        const files = [
          { table: table.name, rows, format, importedOrder },
          { table: table.name, rows, format },
        ];
        await runLoad(client, await directLoad(trial, { number: 1, tables: [table], files }));
        await expectRows(trial, table, [...rows, ...rows]);
      },
    },
  ];
}
