import { SourceError } from "../../errors/index.js";

/** Where the value of a cursor is in a row. */
export interface CursorPath {
  /** The name, when the path is one field and nothing else: then the cursor is a column of its own. */
  readonly field: string | null;
  /** The first match; undefined when there is none. */
  read(row: unknown): unknown;
}

type Segment =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "anyField" }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "anyIndex" }
  | { readonly kind: "descend" };

/**
 * Reads a field name or a JSONPath: `updated_at`, `created-at`, `"with.dots"`, `$.meta.at`, `items[0].at`, `items[*].at`, `*`,
 * `a | b`, `..at`, `$` for the row itself. The dialect of jsonpath-ng without filters and slices.
 *
 * @throws SourceError `CURSOR_PATH_INVALID`
 */
export function parseCursorPath(path: string): CursorPath {
  const alternatives = new PathParser(path).alternatives();
  const [first] = alternatives;
  const only =
    alternatives.length === 1 && first?.rooted === false && first.segments.length === 1 ? first.segments[0] : undefined;
  if (only?.kind === "field") {
    const { name } = only;
    return { field: name, read: (row) => fieldOf(row, name) };
  }
  return {
    field: null,
    read: (row) => {
      for (const { segments } of alternatives) {
        const found = firstMatch(row, segments, 0);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** A field of an object or a map; undefined when it has none. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  if (value instanceof Map) return value.get(name);
  const found = (value as Readonly<Record<string, unknown>>)[name];
  // What every object inherits is no field of a row.
  return typeof found === "function" || (name === "__proto__" && !Object.hasOwn(value, name)) ? undefined : found;
}

function firstMatch(value: unknown, segments: readonly Segment[], at: number): unknown {
  const segment = segments[at];
  if (segment === undefined) return value;
  switch (segment.kind) {
    case "field":
      return onwards(fieldOf(value, segment.name), segments, at);
    case "anyField":
      return firstOf(fieldValues(value), segments, at + 1);
    case "index":
      return Array.isArray(value) ? onwards(value.at(segment.index), segments, at) : undefined;
    case "anyIndex":
      // A value that is no list counts as a list of one.
      return firstOf(Array.isArray(value) ? value : [value], segments, at + 1);
    case "descend": {
      // Values wait on a list, the next one last, so that depth does not use up the stack.
      const waiting: unknown[] = [value];
      while (waiting.length > 0) {
        const next = waiting.pop();
        const here = firstMatch(next, segments, at + 1);
        if (here !== undefined) return here;
        const below: readonly unknown[] = Array.isArray(next) ? next : fieldValues(next);
        for (let i = below.length - 1; i >= 0; i--) waiting.push(below[i]);
      }
      return undefined;
    }
  }
}

function onwards(value: unknown, segments: readonly Segment[], at: number): unknown {
  return value === undefined ? undefined : firstMatch(value, segments, at + 1);
}

function firstOf(values: readonly unknown[], segments: readonly Segment[], at: number): unknown {
  for (const value of values) {
    const found = firstMatch(value, segments, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fieldValues(value: unknown): readonly unknown[] {
  if (value instanceof Map) return [...value.values()];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.values(value) : [];
}

interface Alternative {
  /** Begins with `$`. */
  readonly rooted: boolean;
  readonly segments: readonly Segment[];
}

class PathParser {
  readonly #path: string;
  #position = 0;

  constructor(path: string) {
    this.#path = path;
  }

  alternatives(): readonly Alternative[] {
    const list = [this.#alternative()];
    while (this.#take(/\|/y) !== null) list.push(this.#alternative());
    if (this.#position < this.#path.length) throw this.#invalid();
    return list;
  }

  #alternative(): Alternative {
    const rooted = this.#take(/\$/y) !== null;
    const segments: Segment[] = [];
    let needed = !rooted;
    for (;;) {
      const dots = this.#take(/\.\.?/y);
      if (dots === "..") segments.push({ kind: "descend" });
      if (dots === "." && needed) throw this.#invalid();
      const segment = this.#bracket() ?? (dots === null && !needed ? null : this.#field());
      if (segment === null) {
        if (dots !== null || needed) throw this.#invalid();
        return { rooted, segments };
      }
      segments.push(segment);
      needed = false;
    }
  }

  #field(): Segment | null {
    if (this.#take(/\*/y) !== null) return { kind: "anyField" };
    const plain = this.#take(/[A-Za-z_@][A-Za-z0-9_@-]*/y);
    if (plain !== null) return { kind: "field", name: plain };
    const quoted = this.#take(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y);
    return quoted === null ? null : { kind: "field", name: quoted.slice(1, -1).replace(/\\(.)/g, "$1") };
  }

  #bracket(): Segment | null {
    if (this.#take(/\[/y) === null) return null;
    const index = this.#take(/-?\d+/y);
    const segment: Segment | null =
      index !== null
        ? { kind: "index", index: Number(index) }
        : this.#take(/\*/y) !== null
          ? { kind: "anyIndex" }
          : this.#field();
    if (segment === null || this.#take(/\]/y) === null) throw this.#invalid();
    return segment;
  }

  /** What the pattern matches here, white space around it left out. */
  #take(pattern: RegExp): string | null {
    const space = /\s*/y;
    space.lastIndex = this.#position;
    space.test(this.#path);
    pattern.lastIndex = space.lastIndex;
    const match = pattern.exec(this.#path);
    if (match === null) return null;
    space.lastIndex = pattern.lastIndex;
    space.test(this.#path);
    this.#position = space.lastIndex;
    return match[0];
  }

  #invalid(): SourceError {
    return new SourceError(
      "CURSOR_PATH_INVALID",
      `\`${this.#path}\` is not a path of a cursor: it cannot be read from character ${this.#position + 1} on.`,
      {
        hint: 'Write a field (`updated_at`), a path (`$.meta.updated_at`, `items[0].at`), or a name in quotation marks (`"last.update"`).',
        context: { path: this.#path },
      },
    );
  }
}
