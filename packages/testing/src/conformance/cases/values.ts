import { type Destination, type FileFormat, isDltError } from "@dlt/core";
import { expect } from "vitest";
import type { Cell } from "../column-batch.js";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runLoad } from "../direct-load.js";
import { writableFormats } from "../load-file.js";
import { expectRows, tableOf } from "../stored-rows.js";
import { allBytes, specialTypes, type TriedType, typesOf } from "./tried-types.js";

/** Every data type, in every format of load files. */
export const values: ConformanceArea = {
  name: "values",
  isEssential: false,
  testsFor: (destination) =>
    writableFormats(destination).flatMap((format) => [
      ...[...typesOf(destination), ...specialTypes(destination, format)].map((type) => keepsCells(type, format)),
      keepsNulls(destination, format),
      ...(format.name === "csv" ? [] : [keepsEmptyText(format)]),
      takesZeroCharacters(format),
      lacksColumns(format),
    ]),
};

function keepsCells({ name, column, cells }: TriedType, format: FileFormat): ConformanceTest {
  const table = tableOf("extremes", { id: "bigint", value: column });
  const rows = cells.filter((cell) => format.name !== "csv" || isTextInCsv(cell)).map((value, id) => ({ id, value }));
  return {
    name: `keeps ${name}, in ${format.name}`,
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

/** Some systems have no such text. Then nothing of the file is there, and whoever reads of it knows where to look. */
function takesZeroCharacters(format: FileFormat): ConformanceTest {
  const table = tableOf("texts", { id: "bigint", value: "text" });
  const before = [{ id: 1, value: "before" }];
  const rows = [
    { id: 2, value: "beside" },
    { id: 3, value: "with \0 in it" },
  ];
  return {
    name: `keeps U+0000 in text or refuses it, in ${format.name}`,
    async run(trial) {
      const client = await trial.connect();
      const loadOf = (number: number, ofFile: typeof rows) =>
        directLoad(trial, { number, tables: [table], files: [{ table: table.name, rows: ofFile, format }] });
      await runLoad(client, await loadOf(1, before));
      const error: unknown = await loadOf(2, rows)
        .then((load) => runLoad(client, load))
        .then(
          () => null,
          (reason: unknown) => reason,
        );
      if (error === null) return await expectRows(trial, table, [...before, ...rows]);
      if (!isDltError(error)) throw new Error("It is no error of the library.", { cause: error });
      expect(error.retryable).toBe(false);
      expect(JSON.stringify([error.message, error.context])).not.toContain("in it");
      await expectRows(trial, table, before);
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
