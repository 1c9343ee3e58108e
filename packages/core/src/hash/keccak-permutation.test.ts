/// <reference types="node" />
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import fc from "fast-check";
import { expect, test } from "vitest";
import { interleavedPermutation } from "./interleaved-permutation.js";
import { modulePermutation } from "./module-permutation.js";

test("both ways permute any state alike, again and again", () => {
  const ways = [modulePermutation(), interleavedPermutation()] as const;
  const bytes = fc.uint8Array({ minLength: 200, maxLength: 200 });
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 3 }), (start, times) => {
      for (const { state, permute } of ways) {
        state.set(start);
        for (let i = 0; i < times; i++) permute();
      }
      expect(ways[0].state).toEqual(ways[1].state);
    }),
  );
});

test("permutes zeros to the known state", () => {
  for (const { state, permute } of [modulePermutation(), interleavedPermutation()]) {
    permute();
    expect(Buffer.from(state).toString("hex").slice(0, 32)).toBe("e7dde140798f25f18a47c033f9ccd584");
  }
});

test.each([
  { place: "allows WebAssembly", options: {}, memoryBytes: 65_536 },
  { place: "refuses to compile it", options: { codeGeneration: { wasm: false } }, memoryBytes: 200 },
])("a place that $place has its permutation", async ({ options, memoryBytes }) => {
  const { outputFiles } = await build({
    entryPoints: [`${import.meta.dirname}/keccak-permutation.ts`],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "bundle",
    target: "es2023",
  });
  const context = createContext({ TextEncoder }, options);
  runInContext(outputFiles[0]?.text ?? "", context);
  const seen: unknown = runInContext(
    `const { state, permute } = bundle.keccakPermutation();
     permute();
     JSON.stringify([state.buffer.byteLength, state[0], bundle.keccakPermutation().state === state])`,
    context,
  );
  expect(seen).toBe(JSON.stringify([memoryBytes, 0xe7, true]));
});
