import { resource } from "@dlt/core";
import { describe, expect, test, vi } from "vitest";
import { extractInput, sourceOf } from "../../test/extract-run.js";
import { type ExtractEpochs, extract, SharedTables } from "./index.js";
import { PartBuffer } from "./part-buffer.js";

const never = Number.POSITIVE_INFINITY;

function epochs(): ExtractEpochs {
  const held = new Map<string, Uint8Array>();
  return {
    limits: { everyMs: never, everyBytes: never, everyRows: 1, options: ["checkpoint"] },
    stopSignal: new AbortController().signal,
    tables: new SharedTables(),
    holdChunk: async (name, content) => void held.set(name, content as Uint8Array),
    releaseChunk: async (name) => held.get(name) as Uint8Array,
    closeEpoch: async ({ schema }) => schema,
  };
}

describe("a chunk costs the same however many tables are open", () => {
  test.each([
    ["without epochs", (): undefined => undefined],
    ["in epochs", epochs],
  ] as const)("%s", async (_, made) => {
    /** How often something looks at a buffer for each chunk that is written. */
    const looksPerChunk = async (tableCount: number): Promise<number> => {
      const place = vi.spyOn(PartBuffer.prototype, "place", "get");
      const wide = resource(
        { name: "wide", tableName: (row: { table: number }) => `t${row.table}` },
        async function* ({ checkpoint }) {
          for (let page = 0; page < 2; page++) {
            yield Array.from({ length: tableCount }, (_, table) => ({ table }));
            checkpoint();
          }
        },
      );
      let chunks = 0;
      for await (const _chunk of extract({ ...extractInput({ source: sourceOf(wide) }), epochs: made() })) chunks++;
      const looks = place.mock.calls.length;
      place.mockRestore();
      expect(chunks).toBeGreaterThanOrEqual(tableCount);
      return looks / chunks;
    };
    expect(await looksPerChunk(400)).toBeLessThan(2 * (await looksPerChunk(100)));
  });
});
