import { describe, expect, test } from "vitest";
import { incremental } from "../../authoring/incremental.js";
import { resource } from "../../authoring/resource.js";
import type { IncrementalOptions } from "../../contract/incremental.js";
import { encodeRows } from "../../json/encode-rows.js";
import { plainEnvironment } from "../environment.js";
import { readItems } from "../read-items.js";
import { plainRows } from "../rows-of.js";

type Row = Readonly<Record<string, unknown>>;
type Document = Readonly<Record<string, unknown>> & { readonly unique_hashes: readonly string[] };

/** Hashes of the keys 1 to 6 as bare values. */
const hash = [
  "",
  "669czW83KR00ut4bv/U5",
  "Tp44cKMYfAuJiBfxLAqu",
  "Cn/dwi436vBbdERZ9hKf",
  "9ydaHrzwo9f8RuI13CNq",
  "tIXXf9wiHssyAgHEzQnu",
  "Idkwk/6E20TE0naf9+Ty",
];

/** Runs of one resource, with the documents that Python dlt leaves of them. */
describe.each(["objects", "text"] as const)("runs over rows as %s", (feed) => {
  function resourceOf(path: string, options: IncrementalOptions<unknown>, primaryKey?: string | readonly string[]) {
    const state: Record<string, unknown> = {};
    const run = async (...pages: readonly (readonly Row[])[]): Promise<readonly (readonly Row[])[]> => {
      const made = resource(
        { name: "items", incremental: incremental(path, options), ...(primaryKey !== undefined && { primaryKey }) },
        function* () {
          for (const page of pages)
            yield feed === "objects" ? page : { jsonText: encodeRows([...page]), framing: "lines" };
        },
      );
      const environment = { ...plainEnvironment(new AbortController().signal), resourceState: () => state };
      const kept: (readonly Row[])[] = [];
      for await (const item of readItems(made, environment))
        if (item.kind !== "checkpoint") kept.push(plainRows(item).rows as readonly Row[]);
      return kept;
    };
    const stored = (): Document | undefined =>
      (state["incremental"] as Readonly<Record<string, Document>> | undefined)?.[path];
    return { run, stored, state };
  }

  const row = (id: number, value: unknown): Row => ({ id, updated_at: value });

  test("A: a primary key tells rows at the last value apart", async () => {
    const { run, stored } = resourceOf("updated_at", { initialValue: 0 }, "id");
    const first = [row(1, 1), row(2, 2), row(3, 2)];
    expect(await run(first)).toEqual([first]);
    expect(stored()).toEqual({ initial_value: 0, last_value: 2, unique_hashes: [hash[2], hash[3]], start_value: 0 });
    expect(await run([row(2, 2), row(3, 2), row(4, 2)])).toEqual([[row(4, 2)]]);
    expect(stored()).toMatchObject({ last_value: 2, unique_hashes: [hash[2], hash[3], hash[4]], start_value: 2 });
    expect(await run([row(4, 2), row(5, 3)], [row(6, 3)])).toEqual([[row(5, 3)], [row(6, 3)]]);
    const third = { initial_value: 0, last_value: 3, unique_hashes: [hash[5], hash[6]], start_value: 2 };
    expect(stored()).toEqual(third);
    expect(await run([row(5, 3), row(1, 1)])).toEqual([]);
    expect(stored()).toEqual(third);
  });

  test("B: without a key all values tell them apart, in any order", async () => {
    const { run, stored } = resourceOf("updated_at", {});
    const first = { id: 1, updated_at: "2024-01-01T00:00:00Z", v: "a" };
    const second = { id: 2, updated_at: "2024-01-02T00:00:00Z", v: "b" };
    expect(await run([first, second])).toEqual([[first, second]]);
    const last = { initial_value: null, last_value: "2024-01-02T00:00:00Z" };
    expect(stored()).toEqual({ ...last, unique_hashes: ["+egLOABPaknZeayZNtRj"], start_value: null });
    const changed = { ...second, v: "changed" };
    expect(await run([{ v: "b", updated_at: second.updated_at, id: 2 }, changed])).toEqual([[changed]]);
    const hashes = ["+egLOABPaknZeayZNtRj", "4hsvgVF/LhDRjU3p+rGP"];
    expect(stored()).toEqual({ ...last, unique_hashes: hashes, start_value: last.last_value });
  });

  test("C: a key of a list of one name", async () => {
    const { run, stored } = resourceOf("updated_at", { initialValue: 0 }, ["id"]);
    await run([row(1, 1)]);
    expect(stored()?.unique_hashes).toEqual(["Lj3E34tIJ/ZxYHsNLfaH"]);
  });

  test("D: the smallest value", async () => {
    const { run, stored } = resourceOf("id", { initialValue: 10, lastValueFunc: "min" }, "id");
    expect(await run([{ id: 12 }, { id: 9 }, { id: 8 }])).toEqual([[{ id: 9 }, { id: 8 }]]);
    const left = { initial_value: 10, last_value: 8, unique_hashes: ["ysdex1POt/z56amm2EI2"], start_value: 10 };
    expect(stored()).toEqual(left);
  });

  test("E: an open start", async () => {
    const { run, stored } = resourceOf("updated_at", { initialValue: 0, rangeStart: "open" });
    expect(await run([row(0, 0), row(1, 1), row(2, 2)])).toEqual([[row(1, 1), row(2, 2)]]);
    expect(stored()).toMatchObject({ last_value: 2, unique_hashes: [] });
    expect(await run([row(2, 2), row(3, 3)])).toEqual([[row(3, 3)]]);
    expect(stored()).toMatchObject({ start_value: 2 });
  });

  test("F: a range leaves no state", async () => {
    const rows = Array.from({ length: 8 }, (_, id) => ({ id }));
    const range = resourceOf("id", { initialValue: 2, endValue: 5 });
    expect(await range.run(rows)).toEqual([[{ id: 2 }, { id: 3 }, { id: 4 }]]);
    expect(range.state).toEqual({});
    const other = resourceOf("id", { initialValue: 2, endValue: 5, rangeStart: "open", rangeEnd: "closed" });
    expect(await other.run(rows)).toEqual([[{ id: 3 }, { id: 4 }, { id: 5 }]]);
  });

  test("G: an empty key tells no rows apart", async () => {
    const { run, stored } = resourceOf("ts", { primaryKey: [] }, "id");
    expect(await run([{ ts: 1 }, { ts: 1 }])).toEqual([[{ ts: 1 }, { ts: 1 }]]);
    expect(stored()?.unique_hashes).toEqual([]);
    expect(await run([{ ts: 1 }, { ts: 2 }])).toEqual([[{ ts: 1 }, { ts: 2 }]]);
  });

  test("H: a lag", async () => {
    const { run, stored } = resourceOf("updated_at", { lag: 3600 });
    const [half, one, oneHalf, two] = ["00:30", "01:00", "01:30", "02:00"].map((time, id) =>
      row(id, `2023-03-03T${time}:00Z`),
    ) as [Row, Row, Row, Row];
    await run([one, two]);
    expect(stored()).toMatchObject({ last_value: "2023-03-03T02:00:00Z", unique_hashes: [] });
    expect(await run([half, one, oneHalf])).toEqual([[one, oneHalf]]);
    expect(stored()).toMatchObject({ last_value: "2023-03-03T02:00:00Z", start_value: "2023-03-03T02:00:00Z" });
  });

  test("I: a function keeps what it likes, of the whole row", async () => {
    type Event = Readonly<Record<string, string>>;
    const latest = ([event, last]: readonly unknown[]): unknown => {
      const { type = "", created_at: at = "" } = event as Event;
      const known = (last ?? {}) as Event;
      return { ...known, [type]: [known[type] ?? "", at].sort()[1] };
    };
    const { run, stored } = resourceOf("$", { lastValueFunc: latest });
    const push = (day: number): Row => ({ type: "Push", created_at: `2023-01-0${day}` });
    const watch = { type: "Watch", created_at: "2023-01-01" };
    expect(await run([push(1), watch, push(2)])).toEqual([[push(1), watch, push(2)]]);
    expect(stored()?.["last_value"]).toEqual({ Push: "2023-01-02", Watch: "2023-01-01" });
    expect(await run([push(3), push(1)])).toEqual([[push(3)]]);
    expect(stored()?.["last_value"]).toEqual({ Push: "2023-01-03", Watch: "2023-01-01" });
  });

  test("J: rows without a value are loaded each time where they are included", async () => {
    const { run } = resourceOf("created_at", { onCursorValueMissing: "include" });
    const at = (value: number | null): Row => ({ created_at: value });
    expect(await run([at(null), at(1), at(2)])).toEqual([[at(null), at(1), at(2)]]);
    expect(await run([at(1), at(null), at(3)])).toEqual([[at(null), at(3)]]);
  });
});
