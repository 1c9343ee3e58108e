import { type ColumnBatch, destination, type LoadRow, Timestamp } from "@dlt/core";
import { readValue } from "@dlt/core/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type PipelineRuntime, resource } from "../../src/index.js";
import { dyingRuntime } from "../dying-runtime.js";
import { type Machine, machineIn } from "../machine.js";
import { newMachine } from "../new-machine.js";

/** What may go wrong in an attempt: the function fails at a call, or the process dies at a point. */
interface Trouble {
  readonly kind: "fails" | "fails after its work" | "dies";
  readonly at: number;
}

interface Plan {
  readonly pages: readonly number[];
  readonly batchSize: number;
  /** Characters of a text in each row: a resource whose rows have more than 256 KiB has several files. */
  readonly textLength: number;
  readonly format: "jsonl" | "parquet";
  readonly tables: number;
  readonly troubles: readonly Trouble[];
}

const plan: fc.Arbitrary<Plan> = fc.record({
  pages: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 5 }),
  batchSize: fc.integer({ min: 1, max: 25 }),
  textLength: fc.constantFrom(5, 20_000),
  format: fc.constantFrom("jsonl", "parquet"),
  tables: fc.integer({ min: 1, max: 2 }),
  troubles: fc.array(
    fc.record({
      kind: fc.constantFrom("fails", "fails after its work", "dies"),
      at: fc.integer({ min: 1, max: 60 }),
    }),
    { maxLength: 4 },
  ),
});

/** A receiver that takes each id of a batch once, as the guide asks for, and counts what came besides. */
class Receiver {
  readonly rows = new Map<string, LoadRow[]>();
  /** Batches that came, by id. */
  readonly taken = new Map<string, string>();
  /** Batches that came again although their call had succeeded. */
  repeated = 0;
  readonly succeeded = new Set<string>();

  take(table: string, id: string, rows: readonly LoadRow[]): void {
    const content = JSON.stringify(rows.map(({ id }) => id));
    const before = this.taken.get(id);
    expect(before ?? content).toBe(content);
    if (this.succeeded.has(id)) this.repeated += 1;
    if (before !== undefined) return;
    this.taken.set(id, content);
    this.rows.set(table, [...(this.rows.get(table) ?? []), ...rows]);
  }
}

function sinkOf(received: Receiver, { batchSize, format }: Plan, trouble: Trouble | null) {
  let calls = 0;
  const load = async (rows: readonly LoadRow[], table: string, batchId: string): Promise<void> => {
    calls += 1;
    const isDue = trouble !== null && calls === trouble.at;
    if (isDue && trouble.kind === "fails") throw new Error("before");
    received.take(table, batchId, rows);
    if (isDue && trouble.kind === "fails after its work") throw new Error("after");
    received.succeeded.add(batchId);
  };
  const options = { batchSize, maxParallelLoadJobs: 1 };
  return format === "jsonl"
    ? destination("sink", (rows, { name }, { batchId }) => load(rows, name, batchId), options)()
    : destination("sink", (batch, { name }, { batchId }) => load(rowsOf(batch), name, batchId), {
        ...options,
        loaderFileFormat: "parquet",
      })();
}

const rowsOf = ({ rowCount, columns }: ColumnBatch): LoadRow[] =>
  Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(columns.map((column) => [column.name, readValue(column, row)])),
  );

const dataOf = ({ pages, tables, textLength }: Plan) =>
  Array.from({ length: tables }, (_, table) =>
    resource({ name: `t${table}` }, function* ({ state }) {
      if (state["done"] === true) return;
      let id = 0;
      for (const [page, length] of pages.entries())
        yield Array.from({ length }, () => ({
          id: id++,
          at: Timestamp.fromMicros(BigInt(id)),
          text: "x".repeat(textLength),
          ...(page > 1 && { [`column of page ${page}`]: `text ${id}` }),
        }));
      state["done"] = true;
    }),
  );

test("every row is delivered exactly once to who takes each id once, whatever fails", {
  timeout: 120_000,
}, async () => {
  const shared = await newMachine();
  let number = 0;
  await fc.assert(
    fc.asyncProperty(plan, async (given) => {
      const machine = machineIn(`${shared.folder}/${number++}`);
      const received = new Receiver();
      let deaths = 0;
      for (const trouble of [...given.troubles, null]) {
        const runtime = runtimeOf(machine, trouble);
        const p = machine.pipeline({ destination: sinkOf(received, given, trouble) }, runtime);
        const isDone = await p.run(dataOf(given)).then(
          () => true,
          () => false,
        );
        if (trouble?.kind === "dies") deaths += 1;
        if (isDone) break;
      }
      const count = given.pages.reduce((sum, length) => sum + length, 0);
      for (let table = 0; table < given.tables; table++) {
        const ids = (received.rows.get(`t${table}`) ?? []).map(({ id }) => id);
        expect([...ids].sort((a, b) => Number(a) - Number(b))).toEqual([...Array(count).keys()]);
      }
      // The batch that was under way when the process died may come again, and no other.
      expect(received.repeated).toBeLessThanOrEqual(deaths);
    }),
    { numRuns: 40 },
  );
});

function runtimeOf(machine: Machine, trouble: Trouble | null): PipelineRuntime {
  const env = { NORMALIZE__DATA_WRITER__FILE_MAX_BYTES: "1" };
  const runtime: PipelineRuntime = { ...machine.runtime, env, wait: async (_, signal) => signal.throwIfAborted() };
  return trouble?.kind === "dies" ? dyingRuntime(runtime, trouble.at) : runtime;
}
