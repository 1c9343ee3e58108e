import { SourceError } from "@dlt/core";
import type { Condition, Literal, Operator, Segment } from "./segment.js";

/**
 * Reads a JSONPath in the dialect of jsonpath-ng, as far as APIs need it: `a.b`, `$.a[0]`, `a[-1]`, `a[0:2]`, `a[0,1]`, `a[*].b`, `a.*`,
 * `a,b`, `$..a`, `a['d-e']`, `"x y"`, `a[?(@.n > 1 & @.s == 'y')]`, `` a.`len` ``, `` a.`parent` ``, and alternatives: `a | b`.
 * @throws SourceError `JSON_PATH_INVALID`
 */
export function parsePath(path: string): readonly (readonly Segment[])[] {
  return new PathParser(path).alternatives();
}

class PathParser {
  readonly #path: string;
  #position = 0;

  constructor(path: string) {
    this.#path = path;
  }

  alternatives(): readonly (readonly Segment[])[] {
    const list = [this.#steps(/\$/y)];
    while (this.#take(/\|/y) !== null) list.push(this.#steps(/\$/y));
    if (this.#position < this.#path.length) throw this.#invalid();
    return list;
  }

  /** A path, which begins with what `root` matches or with a step. */
  #steps(root: RegExp): readonly Segment[] {
    const segments: Segment[] = [];
    let isNeeded = this.#take(root) === null;
    for (;;) {
      const dots = isNeeded && segments.length === 0 ? null : this.#take(/\.\.?/y);
      if (dots === "..") segments.push({ kind: "descend" });
      const segment = this.#bracket() ?? (dots === null && !isNeeded ? null : this.#named());
      if (segment === null) {
        if (dots !== null || isNeeded) throw this.#invalid();
        return segments;
      }
      segments.push(segment);
      isNeeded = false;
    }
  }

  #named(): Segment | null {
    if (this.#take(/\*/y) !== null) return { kind: "anyField" };
    const named = this.#take(/`(?:len|parent)`/y);
    if (named !== null) return { kind: named === "`len`" ? "length" : "parent" };
    const number = this.#take(/\d+(?![\w@-])/y);
    return number === null ? this.#fields() : { kind: "fields", names: [number] };
  }

  #fields(): Segment | null {
    const first = this.#name();
    if (first === null) return null;
    const names = [first];
    while (this.#take(/,/y) !== null) names.push(this.#name() ?? this.#fail());
    return { kind: "fields", names };
  }

  #name(): string | null {
    const plain = this.#take(/[\p{L}_@][\p{L}\p{N}_@-]*/uy);
    return plain ?? this.#quoted();
  }

  #quoted(): string | null {
    const quoted = this.#take(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/sy);
    return quoted === null ? null : quoted.slice(1, -1).replace(/\\(.)/gs, "$1");
  }

  #bracket(): Segment | null {
    if (this.#take(/\[/y) === null) return null;
    const segment = this.#filter() ?? this.#elements() ?? this.#fields();
    if (segment === null || this.#take(/\]/y) === null) throw this.#invalid();
    return segment;
  }

  #elements(): Segment | null {
    if (this.#take(/\*/y) !== null) return { kind: "slice", start: null, end: null, step: 1 };
    const first = this.#integer();
    if (this.#take(/:/y) !== null) {
      const end = this.#integer();
      const step = this.#take(/:/y) === null ? null : this.#integer();
      if (step !== null && step < 1) throw this.#invalid();
      return { kind: "slice", start: first, end, step: step ?? 1 };
    }
    if (first === null) return null;
    const indexes = [first];
    while (this.#take(/,/y) !== null) indexes.push(this.#integer() ?? this.#fail());
    return { kind: "indexes", indexes };
  }

  #integer(): number | null {
    const digits = this.#take(/-?\d+/y);
    return digits === null ? null : Number(digits);
  }

  /** `?(@.a > 1)`, `?a > 1`, several conditions joined with `&`. */
  #filter(): Segment | null {
    if (this.#take(/\?/y) === null) return null;
    const hasParentheses = this.#take(/\(/y) !== null;
    const conditions = [this.#condition()];
    while (this.#take(/&/y) !== null) conditions.push(this.#condition());
    if (hasParentheses && this.#take(/\)/y) === null) throw this.#invalid();
    return { kind: "filter", conditions };
  }

  #condition(): Condition {
    const path = this.#steps(/@(?=[.[\s=<>!)\]&]|$)/y);
    const operator = this.#take(/==|!=|<=|>=|=~|=|<|>/y);
    if (operator === null) return { path, operator: null, value: null };
    const value = this.#literal();
    if (operator === "=~" && !isPattern(value)) throw this.#invalid();
    return { path, operator: (operator === "=" ? "==" : operator) as Operator, value };
  }

  #literal(): Literal {
    const quoted = this.#quoted();
    if (quoted !== null) return quoted;
    const number = this.#take(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (number !== null) return Number(number);
    const word = this.#take(/true|false|null/iy) ?? this.#fail();
    return word.toLowerCase() === "null" ? null : word.toLowerCase() === "true";
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

  #fail(): never {
    throw this.#invalid();
  }

  #invalid(): SourceError {
    return new SourceError(
      "JSON_PATH_INVALID",
      `\`${this.#path}\` is no JSONPath: it cannot be read from character ${this.#position + 1} on.`,
      {
        hint: "Write names (`meta.next`), elements (`items[0]`, `items[*].id`), or other names in quotation marks (`['@odata.nextLink']`).",
        context: { path: this.#path },
      },
    );
  }
}

function isPattern(value: Literal): boolean {
  try {
    return typeof value === "string" && new RegExp(value) !== null;
  } catch {
    return false;
  }
}
