// What steps cost a row: rows of two small numbers through a map, a filter and a cursor, to nowhere. `node steps.js <rows> <runs>`.
import { setImmediate } from "node:timers/promises";
import { incremental, type Resource, resource } from "@dlt/core";
import { plainRows, type ReadEnvironment, readItems } from "@dlt/core/engine";
import { median } from "../measure.js";

const [, , rowText = "", runText = ""] = process.argv;
const rowCount = Number(rowText);
const rowsOfPage = 1000;

interface Row {
  readonly id: number;
  readonly digit: number;
}
const rowOf = (id: number): Row => ({ id, digit: id % 10 });
const map = ({ id, digit }: Row) => ({ id, digit, next: digit + 1 });
const keep = ({ next }: { readonly next: number }): boolean => next > 0;

async function* pages(): AsyncGenerator<readonly Row[]> {
  for (let first = 0; first < rowCount; first += rowsOfPage) {
    yield Array.from({ length: Math.min(rowsOfPage, rowCount - first) }, (_, index) => rowOf(first + index));
  }
}

async function* rows(): AsyncGenerator<Row> {
  for (let id = 0; id < rowCount; id++) yield rowOf(id);
}

/** What the engine gives a resource to be read with, `packages/pipeline/src/extract/read-source.ts`. */
function environment(): ReadEnvironment {
  const state = {};
  let pausedAt = performance.now();
  return {
    source: "bench",
    signal: new AbortController().signal,
    nowMs: () => performance.now(),
    maxParallelItems: 20,
    pause: () =>
      performance.now() - pausedAt < 10
        ? undefined
        : setImmediate().then(() => {
            pausedAt = performance.now();
          }),
    inTurn: (work) => work(),
    rowsPerPage: () => rowsOfPage,
    resourceState: () => state,
    resourceMetrics: () => ({}),
    sourceState: () => state,
  };
}

/** A resource that is read by somebody gives so many rows. */
type Reading = () => Promise<number>;

const inEngine =
  (made: Resource): Reading =>
  async () => {
    let count = 0;
    for await (const item of readItems(made, environment()))
      if (item.kind !== "checkpoint") count += plainRows(item).rows.length;
    return count;
  };

const inLoop =
  (made: Resource): Reading =>
  async () => {
    let count = 0;
    for await (const _row of made) count++;
    return count;
  };

const bare =
  (read: () => AsyncIterable<Row | readonly Row[]>): Reading =>
  async () => {
    let count = 0;
    for await (const given of read()) count += "length" in given ? given.length : 1;
    return count;
  };

/** CPU microseconds a row. */
async function cost(reading: Reading): Promise<number> {
  const started = process.cpuUsage();
  const count = await reading();
  const { user, system } = process.cpuUsage(started);
  if (count !== rowCount) throw new Error(`${count} rows came out, not ${rowCount}.`);
  return (user + system) / rowCount;
}

interface Form {
  readonly label: string;
  read(): AsyncIterable<Row | readonly Row[]>;
  readonly plain: Resource;
  /** The same with a cursor, a map and a filter. */
  readonly stepped: Resource;
}

async function report({ label, read, plain, stepped }: Form): Promise<void> {
  const readings: Readonly<Record<string, Reading>> = {
    "without steps": inEngine(plain),
    "map, filter, cursor": inEngine(stepped),
    "without steps, in a loop": inLoop(plain),
    "map, filter, cursor, in a loop": inLoop(stepped),
  };
  const floors: number[] = [];
  const over = new Map<string, number[]>(Object.keys(readings).map((name) => [name, []]));
  for (let run = 0; run < Number(runText); run++) {
    const floor = await cost(bare(read));
    floors.push(floor);
    for (const [name, reading] of Object.entries(readings)) over.get(name)?.push((await cost(reading)) - floor);
  }
  console.log(`${label}: the bare generator takes ${median(floors).toFixed(2)} CPU µs a row; over that`);
  for (const [name, costs] of over)
    console.log(`  ${name.padEnd(32)}${median(costs).toFixed(2).padStart(6)} CPU µs a row`);
}

const name = "rows";
const hints = { name, incremental: incremental<number>("id", { initialValue: 0 }) } as const;
await report({
  label: `pages of ${rowsOfPage.toLocaleString("en")} rows`,
  read: pages,
  plain: resource({ name }, pages),
  stepped: resource(hints, pages).addMap(map).addFilter(keep),
});
await report({
  label: "rows one by one",
  read: rows,
  plain: resource({ name }, rows),
  stepped: resource(hints, rows).addMap(map).addFilter(keep),
});
