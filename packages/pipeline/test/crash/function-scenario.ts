import { appendFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { destination, type LoadRow } from "@dlt/core";
import { incremental, resource, source } from "../../src/index.js";
import type { Machine } from "../machine.js";
import type { Scenario } from "./scenario.js";

/** A call of the function, as it is kept for whoever looks at it afterwards. */
interface Call {
  readonly table: string;
  readonly batchId: string;
  readonly rows: readonly LoadRow[];
}

const journal = ({ folder }: Machine): string => join(folder, "calls.jsonl");

const ordersOn = (day: number) =>
  source({ name: "shop" }, () => [
    resource({ name: "orders", incremental: incremental("id", { initialValue: 0 }) }, () =>
      Array.from({ length: 7 * day }, (_, id) => ({ id, lines: [{ sku: `sku${id}` }] })),
    ),
  ])();

/** Two days of rows that a function takes down, three at a time. A process may die in the middle of it, but not within a call. */
export const functionScenario: Scenario = {
  reaches: (point) => /^load\.(?!reset|chain)|^destination/.test(point),
  run: async (machine, runtime) => {
    const takeDown = destination(
      "journal",
      (rows, { name: table }, { batchId, state }) => {
        state["calls"] = Number(state["calls"] ?? 0) + 1;
        appendFileSync(journal(machine), `${JSON.stringify({ table, batchId, rows })}\n`);
      },
      { batchSize: 3 },
    );
    for (const day of [1, 2]) await machine.pipeline({ destination: takeDown() }, runtime).run(ordersOn(day));
  },
  /** What a receiver has that takes each batch once. */
  content: async (machine) => {
    const batches = new Map((await calls(machine)).map(({ batchId, rows }) => [batchId, rows]));
    return [...batches.values()].flat().sort((a, b) => Number(a["id"]) - Number(b["id"]));
  },
  broken: async (machine) => {
    const all = await calls(machine);
    const repeated = all.length - new Set(all.map(({ batchId }) => batchId)).size;
    return [
      ...(repeated > 1 ? [`${repeated} batches came again, which only that under way may`] : []),
      ...(isAlike(all) ? [] : ["a batch came with other rows"]),
    ];
  },
};

async function calls(machine: Machine): Promise<readonly Call[]> {
  const text = await readFile(journal(machine), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Call);
}

/** True when calls with the same id had the same rows. */
function isAlike(all: readonly Call[]): boolean {
  const rows = new Map(all.map((call) => [call.batchId, JSON.stringify(call.rows)]));
  return all.every((call) => rows.get(call.batchId) === JSON.stringify(call.rows));
}
