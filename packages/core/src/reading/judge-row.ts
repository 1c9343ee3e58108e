import {
  jsonSchemaOf,
  type Path,
  type RowContract,
  type Shapes,
  shapeOf,
  unknownFields,
  withFields,
  withoutFields,
} from "../authoring/row-schema/index.js";
import type { StandardIssue, StandardResult } from "../contract/standard-schema.js";
import { isThenable } from "./watched.js";

/** A rule that a row breaks, and the field that breaks it. */
export interface Violation {
  readonly entity: "columns" | "dataType";
  readonly path: Path;
  /** What the schema says of it; it may quote the value. */
  readonly message: string;
}

/** What is to become of a row. A row that breaks a frozen rule is `refused`. */
export type Verdict =
  | { readonly kind: "kept"; readonly row: unknown }
  | { readonly kind: "discarded" | "refused"; readonly violation: Violation };

/**
 * Holds rows against their schema. What fits is kept as the schema gives it back. Of a row with unknown fields and wrong values the
 * rule that freezes counts first.
 */
export function rowJudge(contract: RowContract): (row: unknown) => Verdict | Promise<Verdict> {
  const { schema, columns } = contract;
  const judge = columns === "schema" ? judgedBySchema : judgedByContract({ ...contract, columns });
  const validate = (row: unknown): StandardResult<unknown> | Promise<StandardResult<unknown>> =>
    schema["~standard"].validate(row);
  return (row) => judge(row, validate);
}

type Validate = (row: unknown) => StandardResult<unknown> | Promise<StandardResult<unknown>>;

function judgedBySchema(row: unknown, validate: Validate): Verdict | Promise<Verdict> {
  return whenSettled(validate(row), (result) => {
    if (result.issues === undefined) return { kind: "kept", row: result.value };
    const issue = result.issues[0] ?? nothingSaid;
    const [unknown] = unknownPaths(issue);
    return unknown === undefined ? wrong("refused", issue) : unknownField("refused", unknown, issue.message);
  });
}

function judgedByContract(contract: RowContract & { readonly columns: Exclude<RowContract["columns"], "schema"> }) {
  const { schema, columns, dataType } = contract;
  const [input, output] = (["input", "output"] as const).map((side) => {
    const described = jsonSchemaOf(schema, side);
    return described === null ? null : shapeOf(described);
  });
  const shapes: Shapes = { input: input ?? null, output: output ?? null };

  /** `removed`: fields that were taken out of the row because they are unknown, so that the rest can be judged. */
  const judge = (
    row: unknown,
    rest: unknown,
    removed: readonly Path[],
    validate: Validate,
  ): Verdict | Promise<Verdict> =>
    whenSettled(validate(rest), (result) => {
      if (result.issues === undefined) {
        const unknown = [...removed, ...unknownFields(rest, result.value, shapes)];
        return unknown.length === 0 ? { kind: "kept", row: result.value } : withUnknown(row, result.value, unknown);
      }
      const unknown = [...unknownFields(rest, undefined, shapes), ...result.issues.flatMap(unknownPaths)];
      const [first] = unknown;
      if (first !== undefined && columns === "freeze") return unknownField("refused", first);
      const less = withoutFields(rest, unknown);
      if (less !== rest) return judge(row, less, [...removed, ...unknown], validate);
      return misfit(row, rest, removed, result.issues);
    });

  const withUnknown = (
    row: unknown,
    value: unknown,
    unknown: readonly [Path, ...Path[]] | readonly Path[],
  ): Verdict => {
    const [first = []] = unknown;
    switch (columns) {
      case "evolve":
        return { kind: "kept", row: withFields(value, row, unknown) };
      case "discard_value":
        return { kind: "kept", row: withoutFields(value, unknown) };
      case "discard_row":
        return unknownField("discarded", first);
      case "freeze":
        return unknownField("refused", first);
    }
  };

  const misfit = (row: unknown, rest: unknown, removed: readonly Path[], issues: readonly StandardIssue[]): Verdict => {
    const issue = issues[0] ?? nothingSaid;
    if (dataType === "freeze") return wrong("refused", issue);
    const [first] = removed;
    if (first !== undefined && columns === "discard_row") return unknownField("discarded", first);
    if (dataType === "discard_row") return wrong("discarded", issue);
    return { kind: "kept", row: columns === "evolve" ? row : rest };
  };

  return (row: unknown, validate: Validate) => judge(row, row, [], validate);
}

const nothingSaid: StandardIssue = { message: "The schema refused the row and said nothing of it." };

function wrong(kind: "discarded" | "refused", issue: StandardIssue): Verdict {
  return { kind, violation: { entity: "dataType", path: pathOf(issue), message: issue.message } };
}

function unknownField(
  kind: "discarded" | "refused",
  path: Path,
  message = "It is not in the schema of the rows.",
): Verdict {
  return { kind, violation: { entity: "columns", path, message } };
}

/** The fields that an issue says are unknown, as zod, valibot and arktype put it; none for any other issue. */
function unknownPaths(issue: StandardIssue): readonly Path[] {
  const { code, keys, type, expected } = issue as Readonly<Record<string, unknown>> & StandardIssue;
  const path = pathOf(issue);
  if (code === "unrecognized_keys" && Array.isArray(keys)) return keys.map((key: PropertyKey) => [...path, key]);
  const isUnknown =
    (type === "strict_object" && expected === "never") || (code === "predicate" && expected === "removed");
  return isUnknown ? [path] : [];
}

function pathOf({ path = [] }: StandardIssue): Path {
  return path.map((part) => (typeof part === "object" ? part.key : part));
}

function whenSettled<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return isThenable(value) ? (value as Promise<Value>).then(next) : next(value as Value);
}
