import type { RowContract } from "../authoring/row-schema.js";
import type { Rejection } from "../contract/normalizer.js";
import type { StandardIssue, StandardResult } from "../contract/standard-schema.js";
import { SchemaContractError } from "../errors/index.js";
import type { StepContext } from "./apply-step.js";
import { failureAt, PlaceCounter } from "./failure.js";
import type { Passing } from "./item.js";
import { mapInOrder } from "./map-in-order.js";
import { plainRows } from "./rows-of.js";
import { isThenable } from "./watched.js";

/** Stands for a row that its contract leaves out. */
class Discarded {
  readonly rejection: Rejection;

  constructor(rejection: Rejection) {
    this.rejection = rejection;
  }
}

/**
 * Holds rows against their schema. What fits goes on as the schema gives it back. A field that is not in what it gives back
 * counts as unknown; unknown fields and wrong values are dealt with by the modes for columns and data types.
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
  const check = (row: unknown): unknown => checkedRow(row, contract);
  for await (const item of items) {
    if (item.kind === "checkpoint") {
      yield item;
      continue;
    }
    places.enter(item);
    const onError = (error: unknown, index: number): unknown => failureAt(error, places.at(index), environment);
    const page = plainRows(item);
    const checked = await mapInOrder(page.rows, check, { atOnce: environment.maxParallelItems, onError });
    const rows = checked.filter((row) => !(row instanceof Discarded));
    if (rows.length < checked.length && environment.reject !== undefined) {
      for (const [rejection, rejected] of byRejection(page.rows, checked))
        await environment.reject(rejected, rejection, page.mark);
    }
    if (rows.length > 0 || page.rows.length === 0) yield { ...page, rows, numbers: "objects" };
  }
}

/** Rows that were discarded, by the reason. */
function byRejection(
  rows: readonly unknown[],
  checked: readonly unknown[],
): readonly (readonly [Rejection, readonly unknown[]])[] {
  const groups = new Map<string, readonly [Rejection, unknown[]]>();
  checked.forEach((row, index) => {
    if (!(row instanceof Discarded)) return;
    const { rejection } = row;
    const group = groups.get(rejection.reason) ?? [rejection, []];
    group[1].push(rows[index]);
    groups.set(rejection.reason, group);
  });
  return [...groups.values()];
}

function checkedRow(row: unknown, contract: RowContract): unknown {
  const result = contract.schema["~standard"].validate(row);
  return isThenable(result) ? result.then((settled) => judged(row, settled, contract)) : judged(row, result, contract);
}

function judged(row: unknown, result: StandardResult<unknown>, contract: RowContract): unknown {
  const { columns, dataType } = contract.modes;
  if (result.issues === undefined) {
    const unknown = missingKeys(row, result.value);
    if (unknown.length === 0 || columns === "discard_value") return result.value;
    if (columns === "evolve") return { ...(row as object), ...(result.value as object) };
    const issue = { message: "it is not in the schema of the rows", path: unknown.slice(0, 1) };
    if (columns === "discard_row") return discarded("columns", issue);
    throw refused("columns", issue);
  }
  const wrong = result.issues.find((issue) => unknownKeys(issue) === null);
  if (wrong === undefined) return withoutUnknown(row, result.issues, contract);
  if (dataType === "evolve") return row;
  if (dataType === "discard_row") return discarded("dataType", wrong);
  throw refused("dataType", wrong);
}

/** A row that is wrong only in that it has fields which its schema does not know. */
function withoutUnknown(row: unknown, issues: readonly StandardIssue[], contract: RowContract): unknown {
  const { columns } = contract.modes;
  if (columns === "evolve") return row;
  const [first] = issues;
  if (columns === "discard_row") return discarded("columns", first ?? { message: "it has unknown fields" });
  const known = columns === "discard_value" ? issues.reduce<unknown>(withoutKeys, row) : row;
  if (known === row) throw refused("columns", first ?? { message: "it has unknown fields" });
  return checkedRow(known, contract);
}

/** The fields that an issue says are unknown, in the words of zod and valibot; `null` for any other issue. */
function unknownKeys(issue: StandardIssue): readonly PropertyKey[] | null {
  const { code, keys, type } = issue as { readonly code?: unknown; readonly keys?: unknown; readonly type?: unknown };
  if (code === "unrecognized_keys" && Array.isArray(keys)) return keys as readonly PropertyKey[];
  if (type === "strict_object") return pathOf(issue).slice(-1);
  return null;
}

/** The row without the unknown fields of an issue; copied as far as it changes. */
function withoutKeys(row: unknown, issue: StandardIssue): unknown {
  const keys = unknownKeys(issue) ?? [];
  const path = pathOf(issue);
  const owner = (issue as { readonly code?: unknown }).code === "unrecognized_keys" ? path : path.slice(0, -1);
  return changedAt(row, owner, (object) =>
    Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key))),
  );
}

function changedAt(value: unknown, path: readonly PropertyKey[], change: (object: object) => object): unknown {
  if (typeof value !== "object" || value === null) return value;
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const copy: unknown = Array.isArray(value) ? [...(value as readonly unknown[])] : { ...value };
  const members = copy as Record<PropertyKey, unknown>;
  members[key] = changedAt(members[key], rest, change);
  return copy;
}

function missingKeys(input: unknown, output: unknown): readonly string[] {
  if (typeof input !== "object" || input === null || typeof output !== "object" || output === null) return [];
  return Object.keys(input).filter((key) => !Object.hasOwn(output, key));
}

function pathOf({ path = [] }: StandardIssue): readonly PropertyKey[] {
  return path.map((part) => (typeof part === "object" ? part.key : part));
}

function refused(entity: "columns" | "dataType", issue: StandardIssue): SchemaContractError {
  const column = columnOf(issue).map(String).join(".");
  const { code, what } = violations[entity];
  return new SchemaContractError(code, `Column \`${column}\` ${what}. The contract is \`${entity}: freeze\`.`, {
    hint: `Set \`${entity}\` of the schema contract to \`discard_row\` to leave such rows out, or to \`evolve\` to let them in.`,
    context: { column, entity, mode: "freeze" },
    // What a schema says may quote the value.
    cause: new TypeError(issue.message),
  });
}

function discarded(entity: "columns" | "dataType", issue: StandardIssue): Discarded {
  // Places in lists are left out, so that rows have few reasons.
  const column = columnOf(issue)
    .map((part) => (typeof part === "number" ? "*" : String(part)))
    .join(".");
  const { code, what } = violations[entity];
  return new Discarded({
    code,
    reason: `Column \`${column}\` ${what}. The contract is \`${entity}: discard_row\`.`,
    column,
  });
}

const violations = {
  columns: { code: "SCHEMA_CONTRACT_COLUMN", what: "not found in the schema of the rows" },
  dataType: { code: "SCHEMA_CONTRACT_DATA_TYPE", what: "does not fit the schema of the rows" },
} as const;

function columnOf(issue: StandardIssue): readonly PropertyKey[] {
  return [...pathOf(issue), ...("keys" in issue ? (unknownKeys(issue) ?? []).slice(0, 1) : [])];
}
