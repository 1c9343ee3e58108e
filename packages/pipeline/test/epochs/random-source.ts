import { once } from "node:events";
import {
  type Hints,
  incremental,
  type ReadContext,
  type Resource,
  resource,
  type SourceDefinition,
  transformer,
  withTableName,
} from "@dlt/core";
import fc from "fast-check";
import { resourceState } from "../../src/current.js";
import { sourceOf } from "../extract-run.js";
import { gate } from "./gate.js";

/** How a resource is written. Whatever it is, it loads each of its rows once over all runs. */
export interface Shape {
  readonly pages: number;
  readonly rowsOfPage: number;
  /** How rows are yielded; work is a function that gives a page later. */
  readonly form: "page" | "rows" | "work";
  /** Where it is written down which page is next. */
  readonly keepsIn: "own state" | "source state" | "helper state" | "cursor";
  /** When: before the page is yielded, behind it, or, where that is possible, in the work. */
  readonly advances: "before" | "behind" | "in work";
  readonly namesPoints: boolean;
  /** A step numbers the rows. */
  readonly numbers: boolean;
  readonly goesTo: "own table" | "replaced variant" | "table with a replaced nested one" | "whole table";
  /** A transformer that numbers the rows that it is fed with. */
  readonly feeds: "nothing" | "each" | "parallelized" | "work" | "one that uses its state";
  /** Turns of the event loop that a page takes. */
  readonly turns: number;
}

export const shapes: fc.Arbitrary<Shape> = fc.record({
  pages: fc.integer({ min: 1, max: 6 }),
  rowsOfPage: fc.integer({ min: 1, max: 3 }),
  form: fc.constantFrom("page", "rows", "work"),
  keepsIn: fc.constantFrom("own state", "own state", "source state", "helper state", "cursor"),
  advances: fc.constantFrom("before", "behind", "in work"),
  namesPoints: fc.boolean(),
  numbers: fc.boolean(),
  goesTo: fc.constantFrom(
    "own table",
    "own table",
    "replaced variant",
    "table with a replaced nested one",
    "whole table",
  ),
  feeds: fc.constantFrom("nothing", "each", "parallelized", "work", "one that uses its state"),
  turns: fc.integer({ min: 0, max: 3 }),
});

/** Called before a page is made; may throw. */
export type OnPage = (name: string, page: number) => void;

/** A source of these resources, and of one whose table is replaced, to which others may send their rows. */
export function sourceOfShapes(all: readonly Shape[], onPage: OnPage): SourceDefinition {
  const declared = gate();
  const sent: Promise<void>[] = [];
  const whole = resource({ name: "whole", writeDisposition: "replace" }, async function* ({ signal }) {
    onPage("whole", 0);
    // Its own rows come first, so that its hints hold, and last, since those of others would be refused once it has ended.
    yield [{ id: "whole 0" }];
    declared.open();
    await orAborted(Promise.all(sent), signal);
    onPage("whole", 1);
    yield [{ id: "whole 1" }];
  });
  const made = all.flatMap((shape, index) => {
    if (shape.goesTo !== "whole table")
      return resourcesOf(`r${index}`, shape, { onPage, begin: async () => undefined });
    const { opened, open } = gate();
    sent.push(opened);
    const begin = async (signal: AbortSignal) => await orAborted(declared.opened, signal);
    return resourcesOf(`r${index}`, shape, { onPage, begin, onSent: open });
  });
  return sourceOf(...made, whole);
}

async function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const aborted = once(signal, "abort", { signal: ended.signal }).catch(() => undefined);
  await Promise.race([work, aborted]);
  ended.abort();
}

function resourcesOf(
  name: string,
  shape: Shape,
  { onPage, begin, onSent }: { readonly onPage: OnPage; begin(signal: AbortSignal): Promise<void>; onSent?(): void },
): readonly Resource[] {
  const { pages, rowsOfPage, goesTo, feeds, numbers } = shape;
  const usesCursor = shape.keepsIn === "cursor" && goesTo === "own table";
  const isStateless = usesCursor || goesTo === "whole table";
  const form = goesTo === "replaced variant" || goesTo === "whole table" ? "page" : shape.form;
  const hints: Hints =
    goesTo === "table with a replaced nested one" ? { nestedHints: { items: { writeDisposition: "replace" } } } : {};

  async function* read(context: ReadContext<unknown>): AsyncGenerator<unknown> {
    await begin(context.signal);
    const kept = isStateless ? {} : record(context, shape);
    const next = `next of ${name}`;
    for (let page = Number(kept[next] ?? 0); page < pages; page++) {
      await turns(shape.turns);
      onPage(name, page);
      const rows = Array.from({ length: rowsOfPage }, (_, row) => rowOf(page * rowsOfPage + row));
      // Work may be done in any order.
      const advance = (): void => {
        kept[next] = Math.max(Number(kept[next] ?? 0), page + 1);
      };
      const inWork = form === "work" && shape.advances === "in work";
      if (shape.advances === "before") advance();
      if (form === "rows") yield* rows;
      else if (form === "work")
        yield async () => {
          await turns((page * 7) % 3);
          if (inWork) advance();
          return rows;
        };
      else yield sent(rows);
      onSent?.();
      if (!inWork) advance();
      if (!usesCursor && shape.namesPoints) context.checkpoint();
    }
  }

  function rowOf(index: number): object {
    return { id: index, ...(goesTo === "table with a replaced nested one" && { items: [{ id: index }] }) };
  }

  function sent(rows: readonly object[]): unknown {
    if (goesTo === "replaced variant") return withTableName(rows, `${name}_variant`);
    return goesTo === "whole table"
      ? withTableName(
          rows.map((row) => ({ ...row, id: `${name} ${JSON.stringify(row)}` })),
          "whole",
        )
      : rows;
  }

  const cursor = usesCursor && { incremental: incremental<number>("id", { rowOrder: "asc" as const }) };
  let made: Resource = resource({ name, ...hints, ...cursor }, read as never);
  if (goesTo === "replaced variant")
    made = made.applyHints({ tableName: `${name}_variant`, createTableVariant: true, writeDisposition: "replace" });
  if (numbers && !isStateless) made = made.addMap((row) => ({ ...(row as object), n: numbered(resourceState()) }));
  if (feeds === "nothing" || isStateless) return [made];
  return [made, made.pipe(fed(`${name}_fed`, feeds, name)) as Resource];
}

function record(context: ReadContext<unknown>, { keepsIn }: Shape): Record<string, unknown> {
  if (keepsIn === "source state") return context.sourceState;
  return keepsIn === "helper state" ? resourceState("helper") : context.state;
}

function fed(name: string, feeds: Shape["feeds"], parent: string) {
  return transformer({ name, parallelized: feeds === "parallelized" }, (row: unknown) => {
    const { id } = row as { id: number };
    const made = async () => {
      await turns(id % 3);
      return [
        { id, n: numbered(feeds === "one that uses its state" ? resourceState(parent) : resourceState(), "fed") },
      ];
    };
    return feeds === "work" ? made : made();
  });
}

/** The next number that a record tells. */
function numbered(record: Record<string, unknown>, key = "numbered"): number {
  const n = Number(record[key] ?? 0) + 1;
  record[key] = n;
  return n;
}

/** Lets other work go on. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
