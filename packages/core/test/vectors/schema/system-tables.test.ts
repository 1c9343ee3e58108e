import { expect } from "vitest";
import { loadsTable, stateTable, versionTable } from "../../../src/schema/system-tables.js";
import { testVectors } from "../read-vectors.js";
import { plainTable } from "./stored-form.js";

interface SystemTableCase {
  readonly table: string;
  readonly definition: object;
}

testVectors<SystemTableCase>("system-tables", ({ table, definition }) => {
  const defined = [versionTable, loadsTable, stateTable].find(({ name }) => name === table);
  expect(defined && plainTable(defined)).toEqual(definition);
});
