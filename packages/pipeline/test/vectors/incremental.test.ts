import { sourceDefinition } from "@dlt/core/engine";
import { expect } from "vitest";
import type { RefreshMode } from "../../src/index.js";
import { resetSources } from "../../src/run/refresh.js";
import type { StateObject } from "../../src/state/state-object.js";
import { rowsByTable, runExtract } from "../extract-run.js";
import { testVectors, type VectorObject } from "./read-vectors.js";
import { type Feed, scenarioSource, typedValuesIn } from "./scenario/scenario-source.js";
import { stateText } from "./scenario/state-text.js";
import { vectorValue } from "./vector-value.js";

testVectors("incremental-scenarios", [
  { name: "rows as objects", check: (vector) => check(vector, "objects") },
  {
    name: "rows as text",
    leftOut: (vector) => (runsOf(vector).some(typedValuesIn) ? typedText : null),
    check: (vector) => check(vector, "text"),
  },
]);

const typedText = "since only the normalizer knows typed values of text";

function runsOf(vector: VectorObject): readonly VectorObject[] {
  return vector.get("runs") as readonly VectorObject[];
}

async function check(vector: VectorObject, feed: Feed): Promise<void> {
  let sourcesState: StateObject = new Map();
  for (const run of runsOf(vector)) {
    const expected = run.get("expect") as VectorObject;
    const extracted = (async () => {
      const source = sourceDefinition(scenarioSource(vector, run, feed));
      const mode = run.get("refresh") as RefreshMode | undefined;
      if (mode !== undefined) {
        const read = new Set(source.resources.keys());
        sourcesState = resetSources(sourcesState, { mode, name: source.name, read });
      }
      return await runExtract({ source, sourcesState });
    })();
    if (expected.get("error") === null) {
      const { chunks, result } = await extracted;
      sourcesState = result.sourcesState;
      expect(stateText(new Map(Object.entries(rowsByTable(chunks))))).toBe(
        stateText(vectorValue(expected.get("rows") ?? null)),
      );
    } else await expect(extracted).rejects.toMatchObject({ family: "source" });
    expect(stateText(sourcesState)).toBe(stateText(vectorValue(expected.get("state") ?? new Map())));
  }
}
