import type { RowContract } from "../authoring/row-schema/index.js";
import type { Rejection } from "../contract/normalizer.js";
import { SchemaContractError } from "../errors/index.js";
import type { StepContext } from "./apply-step.js";
import { failureAt, onItem, PlaceCounter } from "./failure.js";
import type { Passing } from "./item.js";
import { rowJudge, type Verdict, type Violation } from "./judge-row.js";
import { mapInOrder } from "./map-in-order.js";
import { plainRows } from "./rows-of.js";
import { isThenable } from "./watched.js";

/**
 * Holds rows against their schema. What fits goes on as the schema gives it back; unknown fields and wrong values are dealt with by
 * the modes for columns and data types.
 *
 * @throws SchemaContractError `SCHEMA_CONTRACT_COLUMN`, `SCHEMA_CONTRACT_DATA_TYPE`
 */
export async function* validateRows(
  items: AsyncIterable<Passing>,
  contract: RowContract,
  context: StepContext,
): AsyncGenerator<Passing> {
  const { environment, resource } = context;
  const places = new PlaceCounter(resource, context.name);
  const judge = rowJudge(contract);
  for await (const item of items) {
    if (item.kind === "checkpoint") {
      yield item;
      continue;
    }
    places.enter(item);
    const onError = (error: unknown, index: number): unknown => failureAt(error, places.at(index), environment);
    const page = onItem(() => plainRows(item), places, environment);
    const table = page.mark?.tableName ?? (contract.tableName === undefined ? resource : contract.tableName);
    const settled = (verdict: Verdict): Verdict => {
      if (verdict.kind === "refused") throw refused(verdict.violation, table);
      return verdict;
    };
    const check = (row: unknown): Verdict | Promise<Verdict> => {
      const verdict = judge(row);
      return isThenable(verdict) ? (verdict as Promise<Verdict>).then(settled) : settled(verdict as Verdict);
    };
    const verdicts = (await mapInOrder(page.rows, check, {
      atOnce: environment.maxParallelItems,
      onError,
    })) as readonly Verdict[];
    const rows = verdicts.flatMap((verdict) => (verdict.kind === "kept" ? [verdict.row] : []));
    if (rows.length < verdicts.length && environment.reject !== undefined) {
      for (const [rejection, rejected] of byRejection(page.rows, verdicts, table))
        await environment.reject(rejected, rejection, page.mark);
    }
    if (rows.length > 0 || page.rows.length === 0) yield { ...page, rows, numbers: "objects" };
  }
}

/** Rows that were discarded, by the reason. */
function byRejection(
  rows: readonly unknown[],
  verdicts: readonly Verdict[],
  table: string | null,
): readonly (readonly [Rejection, readonly unknown[]])[] {
  const groups = new Map<string, readonly [Rejection, unknown[]]>();
  verdicts.forEach((verdict, index) => {
    if (verdict.kind === "kept") return;
    const rejection = rejectionFor(verdict.violation, table);
    const group = groups.get(rejection.reason) ?? [rejection, []];
    group[1].push(rows[index]);
    groups.set(rejection.reason, group);
  });
  return [...groups.values()];
}

function refused({ entity, path, message }: Violation, table: string | null): SchemaContractError {
  const column = path.map(String).join(".");
  return new SchemaContractError(codes[entity], text(entity, { table, column, mode: "freeze" }), {
    hint: hints[entity],
    context: { table, column, entity, mode: "freeze" },
    // What a schema says may quote the value.
    cause: new TypeError(message),
  });
}

function rejectionFor({ entity, path }: Violation, table: string | null): Rejection {
  // Places in lists are left out, so that rows have few reasons.
  const column = path.map((part) => (typeof part === "number" ? "*" : String(part))).join(".");
  return { code: codes[entity], reason: text(entity, { table, column, mode: "discard_row" }), column };
}

const codes = { columns: "SCHEMA_CONTRACT_COLUMN", dataType: "SCHEMA_CONTRACT_DATA_TYPE" } as const;

const hints = {
  columns:
    "Add the field to the schema, or set `columns` of the schema contract to `discard_value` to leave such values out, to `discard_row` to leave such rows out, or to `evolve` to let them in.",
  dataType:
    "Set `dataType` of the schema contract to `discard_row` to leave such rows out, or to `evolve` to let them in.",
} as const;

function text(
  entity: "columns" | "dataType",
  { table, column, mode }: { readonly table: string | null; readonly column: string; readonly mode: string },
): string {
  const where = table === null ? "The table that the row goes to" : `Table \`${table}\``;
  const what = {
    columns: `column \`${column}\` not found in the schema of its rows`,
    dataType: `${column === "" ? "a row" : `column \`${column}\``} does not fit the schema of its rows`,
  }[entity];
  return `${where}: ${what}. The contract is \`${entity}: ${mode}\`.`;
}
