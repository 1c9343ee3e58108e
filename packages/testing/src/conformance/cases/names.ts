import { namingConvention } from "@dlt/core";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runLoad } from "../direct-load.js";
import { expectRows, tableOf } from "../stored-rows.js";

/** Names as they come where no naming convention makes them plain. Each is one of a table and of columns. */
const oddNames: Readonly<Record<string, readonly [string, string, ...string[]]>> = {
  "reserved words": ["select", "table", "order", "user", "group", "values", "null", "from", "index", "rows"],
  "quotes and brackets": ["it's", 'say "so"', "`back`", "[square]", "semi;colon"],
  "mixed case": ["MixedCase", "UPPER", "camelCase"],
  "spaces and signs": ["two words", "100%", "%s", "$1", "a-b", "a.b", "a,b", "{braces}", "back\\slash"],
  "letters of all scripts": ["ünïcödé", "日本語", "имя", "🦆"],
  "digits in front": ["1", "2nd"],
};

export const names: ConformanceArea = {
  name: "names",
  isEssential: false,
  testsFor: ({ capabilities }) => [
    ...Object.entries(oddNames).map(([kind, list]) => takesNames(kind, list)),
    takesLongNames(capabilities.maxIdentifierLength, capabilities.maxColumnIdentifierLength),
    ...(capabilities.caseSensitiveIdentifiers ? [tellsCaseApart()] : []),
  ],
};

const direct = namingConvention("direct", null);

function takesNames(kind: string, [added, ...list]: readonly [string, ...string[]]): ConformanceTest {
  return {
    name: `takes names with ${kind}`,
    async run(trial) {
      const client = await trial.connect({ naming: direct });
      for (const [index, name] of [added, ...list].entries()) {
        const before = tableOf(name, Object.fromEntries(list.map((column) => [column, "text" as const])));
        const after = tableOf(name, Object.fromEntries([...list, added].map((column) => [column, "text" as const])));
        const row = Object.fromEntries(list.map((column) => [column, `value of ${column}`]));
        const grown = { ...row, [added]: "added" };
        for (const [step, [table, rows]] of (
          [
            [before, [row]],
            [after, [grown]],
          ] as const
        ).entries())
          await runLoad(
            client,
            await directLoad(trial, {
              number: index * 2 + step + 1,
              schemaName: `schema_${index}`,
              tables: [table],
              files: [{ table: name, rows }],
            }),
          );
        await expectRows(trial, after, [row, grown]);
      }
    },
  };
}

function takesLongNames(longest: number, longestColumn = longest): ConformanceTest {
  // Beyond this nobody has names, and file systems have a limit of their own.
  const most = 200;
  const table = tableOf("t".repeat(Math.min(longest, most)), { ["c".repeat(Math.min(longestColumn, most))]: "bigint" });
  return {
    name: "takes names of the greatest length",
    async run(trial) {
      const rows = [Object.fromEntries([...table.columns.keys()].map((name) => [name, 1]))];
      await runLoad(
        await trial.connect({ naming: direct }),
        await directLoad(trial, { number: 1, tables: [table], files: [{ table: table.name, rows }] }),
      );
      await expectRows(trial, table, rows);
    },
  };
}

function tellsCaseApart(): ConformanceTest {
  const tables = ["items", "Items"].map((name) => tableOf(name, { id: "bigint", ID: "bigint", Id: "bigint" }));
  return {
    name: "tells names apart that differ in case",
    async run(trial) {
      const files = tables.map(({ name }, index) => ({
        table: name,
        rows: [{ id: index, ID: index + 10, Id: index + 20 }],
      }));
      await runLoad(await trial.connect({ naming: direct }), await directLoad(trial, { number: 1, tables, files }));
      for (const [index, table] of tables.entries()) await expectRows(trial, table, files[index]?.rows ?? []);
    },
  };
}
