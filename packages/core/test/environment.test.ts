/// <reference types="node" />
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, it } from "vitest";

/** What the package may use of its surroundings, beside the language. */
const allowed = [
  "crypto",
  "TextEncoder",
  "TextDecoder",
  "CompressionStream",
  "DecompressionStream",
  "AbortController",
] as const;

/** Normalizes a row and encodes it, which touches schema, naming, hashes, JSON and the normalizer. */
const program = `
  import { encodeRows, formatSchema, jsonl, newSchema, relationalNormalizer } from "./src/engine.ts";
  import { resource } from "./src/index.ts";
  const run = { loadId: "1.0", nowMicros: 0n, idSeed: new Uint8Array(32), maxIdentifierLength: null, timestampPrecision: 6, maxTimestampPrecision: 6,
    decimalPrecision: [38, 9], weiPrecision: [38, 0], mergeStrategies: [], doubles: [], integers: [] };
  const session = relationalNormalizer.open(formatSchema(newSchema("src")), run);
  const rows = [{ _dlt_id: "a", Name: "Ann", at: new Date(0), tags: ["x"] }];
  const lines = [];
  session.normalize({ index: 0, table: "people", numbers: "objects", firstRow: 0, data: { jsonText: encodeRows(rows), framing: "lines" } }, ({ table, batch }) => {
    const columns = batch.columns.map(({ name, type }) => ({ name, ...type, nullable: true }));
    lines.push(new TextDecoder().decode(jsonl().encode(batch, { name: table, columns }).bytes));
  });
  globalThis.result = { lines, resource: resource({ name: "r" }, () => rows).name };
`;

it("runs where there is nothing of Node, and in a bundle for browsers", async () => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: `${import.meta.dirname}/..`, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2023",
  });
  const context = createContext(Object.fromEntries(allowed.map((name) => [name, globalThis[name]])));
  runInContext(outputFiles[0]?.text ?? "", context);
  expect(context["result"]).toEqual({
    resource: "r",
    lines: [
      '{"name":"Ann","at":"1970-01-01T00:00:00+00:00","_dlt_load_id":"1.0","_dlt_id":"a"}\n',
      expect.stringContaining('"_dlt_parent_id":"a","_dlt_list_idx":0'),
    ],
  });
});
