import { anything, fieldShape, type Shape, tellsFields } from "./row-shape.js";

/** The way to a field: keys, and positions in lists. */
export type Path = readonly PropertyKey[];

/** What a schema says of rows as they come, and of rows as it gives them back; `null` when it says nothing. */
export interface Shapes {
  readonly input: Shape | null;
  readonly output: Shape | null;
}

/**
 * The fields of a row that its schema does not know, at any depth. `given` is what the schema gave back for the row; undefined when it
 * refused it. Where the schema says nothing of its fields, those that it left out count as unknown.
 */
export function unknownFields(row: unknown, given: unknown, { input, output }: Shapes): readonly Path[] {
  const found: Path[] = [];
  collect(row, given, { input, output: output ?? anything, path: [] }, found);
  return found;
}

interface Place {
  /** `null`: the schema says nothing of rows. */
  readonly input: Shape | null;
  readonly output: Shape;
  readonly path: Path;
}

function collect(row: unknown, given: unknown, { input, output, path }: Place, found: Path[]): void {
  if (Array.isArray(row)) {
    const list: readonly unknown[] = Array.isArray(given) && given.length === row.length ? given : [];
    const place = { input: input?.items() ?? null, output: output.items() };
    row.forEach((element, index) => {
      collect(element, list[index], { ...place, path: [...path, index] }, found);
    });
    return;
  }
  if (!hasFields(row)) return;
  const object = hasFields(given) ? given : undefined;
  for (const [key, value] of Object.entries(row)) {
    const at = [...path, key];
    const inside = input === null ? null : fieldShape(input, key);
    if (object !== undefined && Object.hasOwn(object, key)) {
      const after = fieldShape(output, key);
      const isKnown = tellsFields(output) ? after !== undefined : inside !== undefined;
      if (isKnown) collect(value, object[key], { input: inside ?? null, output: after ?? anything, path: at }, found);
      else found.push(at);
    } else if (inside === undefined || (inside === null && object !== undefined)) found.push(at);
    else if (inside !== null) collect(value, undefined, { input: inside, output: anything, path: at }, found);
  }
}

/** A value without the fields at these paths. What changes is copied. */
export function withoutFields(value: unknown, paths: readonly Path[]): unknown {
  return paths.reduce<unknown>((changed, path) => changedAt(changed, path.slice(0, -1), without(path.at(-1))), value);
}

function without(key: PropertyKey | undefined) {
  return (owner: object): object => {
    if (key === undefined || !Object.hasOwn(owner, key)) return owner;
    const copy = copyOf(owner);
    delete copy[key];
    return copy;
  };
}

/** A value with the fields at these paths as a row has them, where it lacks them and there is a place for them. */
export function withFields(value: unknown, row: unknown, paths: readonly Path[]): unknown {
  return paths.reduce<unknown>((changed, path) => {
    const key = path.at(-1);
    const original = path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown>)[part], row);
    return changedAt(changed, path.slice(0, -1), (owner) =>
      key === undefined || !hasFields(owner) || Object.hasOwn(owner, key) ? owner : { ...owner, [key]: original },
    );
  }, value);
}

function changedAt(value: unknown, path: Path, change: (owner: object) => object): unknown {
  if (typeof value !== "object" || value === null) return value;
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (!Object.hasOwn(value, key)) return value;
  const before = (value as Record<PropertyKey, unknown>)[key];
  const after = changedAt(before, rest, change);
  if (after === before) return value;
  const copy = copyOf(value);
  copy[key] = after;
  return copy;
}

function copyOf(value: object): Record<PropertyKey, unknown> {
  const copy: object = Array.isArray(value) ? [...(value as readonly unknown[])] : { ...value };
  return copy as Record<PropertyKey, unknown>;
}

/** True for an object that has fields: none of those that are a value as a whole. */
function hasFields(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
