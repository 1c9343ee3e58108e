import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { CommittedExtracts } from "./committed-extracts.js";
import { type Shape, shapes, sourceOfShapes } from "./random-source.js";

/** What interrupts a run: at a page of a resource it fails, or is asked to stop. */
interface Interruption {
  readonly kind: "fails" | "stops";
  readonly resource: number;
  readonly page: number;
}

const interruptions: fc.Arbitrary<Interruption> = fc.record({
  kind: fc.constantFrom("fails", "stops"),
  resource: fc.integer({ min: 0, max: 3 }),
  page: fc.integer({ min: 0, max: 5 }),
});

/** Rows by table, in no order. */
function loaded({ tables }: CommittedExtracts): object {
  const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort();
  return Object.fromEntries(
    [...tables]
      .filter(([, rows]) => rows.length > 0)
      .map(([table, rows]) => [table, { ids: sorted(rows.map(({ id }) => id)), ns: sorted(rows.map(({ n }) => n)) }])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

/** Runs in epochs until one comes to its end. */
async function inEpochs(all: readonly Shape[], interrupted: readonly Interruption[], everyRows: number) {
  const committed = new CommittedExtracts("src");
  for (const each of [...interrupted, null]) {
    const stopping = new AbortController();
    const interruptedName = each === null ? null : each.resource < all.length ? `r${each.resource}` : "whole";
    const onPage = (name: string, page: number): void => {
      if (each === null || name !== interruptedName || page !== each.page) return;
      if (each.kind === "fails") throw new Error("out of reach");
      stopping.abort();
    };
    const source = sourceOfShapes(all, onPage);
    try {
      await committed.add(source, { everyRows, stopSignal: stopping.signal });
    } catch (error) {
      if (each?.kind !== "fails") throw error;
    }
  }
  return committed;
}

test("however resources are written, runs in epochs that go on from each other load what one run loads", async () => {
  // Resources that write to the same table have different hints.
  vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  let packages = 0;
  const numRuns = 150;
  const property = fc.asyncProperty(
    fc.array(shapes, { minLength: 1, maxLength: 3 }),
    fc.array(interruptions, { maxLength: 3 }),
    fc.integer({ min: 1, max: 12 }),
    async (all, interrupted, everyRows) => {
      const whole = new CommittedExtracts("src");
      await whole.add(sourceOfShapes(all, () => undefined));
      const cut = await inEpochs(all, interrupted, everyRows);
      expect(loaded(cut)).toEqual(loaded(whole));
      packages += cut.packages;
    },
  );
  await fc.assert(property, { numRuns });
  expect(packages).toBeGreaterThan(2 * numRuns);
});
