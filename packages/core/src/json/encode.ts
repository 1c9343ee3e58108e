import { SchemaError } from "../errors/index.js";
import { type Float, floatToJson } from "../values/float.js";
import { kindOf } from "../values/value-kind.js";
import { compareCodePoints } from "./code-point-order.js";
import { storableValue, Unstorable } from "./storable-value.js";
import { typedText } from "./typed-values.js";
import { wellFormed } from "./well-formed.js";

export interface JsonForm {
  /** Put a type marker before what JSON cannot say, so that `decodeTyped` gives it back. Default: false. */
  readonly typed?: boolean;
  /** Keys of every object by code points, as hashes need them. Default: in the order of the object. */
  readonly sorted?: boolean;
  /** Two spaces of indentation for each level. Default: one line, no white space. */
  readonly pretty?: boolean;
  /** Write integers beyond 64 bits too, instead of refusing them. Default: false. */
  readonly anyInteger?: boolean;
}

/**
 * Encodes a value as JSON, byte for byte as orjson 3.11 does: no escape beyond the necessary ones, doubles by `floatToJson`, NaN
 * and infinities as `null`. Takes decoded values and plain JavaScript ones alike; an integral `number` is an integer up to
 * 2^53 − 1 and a double beyond. `undefined` within an object is left out.
 * @throws SchemaError `JSON_VALUE_INVALID` for functions, symbols, cycles, promises, integers beyond 64 bits, and objects that
 *   cannot be read
 */
export function encodeJson(value: unknown, form: JsonForm = {}): string {
  return writeJson(value, form, (path, what, cause) => {
    const where = path === "" ? "A value" : `\`${path}\` of a value`;
    const message = `${where} is ${what}, which JSON cannot hold.`;
    return new SchemaError("JSON_VALUE_INVALID", message, { context: { path }, ...(cause !== undefined && { cause }) });
  });
}

/** An array or object that is being written. Members of an object whose value is `undefined` are skipped. */
interface Open {
  readonly source: object;
  readonly keys: readonly string[] | null;
  readonly values: readonly unknown[];
  next: number;
  written: number;
}

/** What is written so far, the arrays and objects that are not closed yet, and the value that was reached in them. */
interface Writing {
  readonly out: string[];
  readonly outer: Open[];
  open: Open | undefined;
  value: unknown;
}

/** Makes the error for what cannot be encoded, e.g. `("orders[2].total", "a function")`. */
export type Refused = (path: string, what: string, cause?: unknown) => Error;

/** Encodes a value, as `encodeJson` does, with errors of the caller's own. */
export function writeJson(root: unknown, form: JsonForm, refused: Refused): string {
  const writing: Writing = { out: [], outer: [], open: undefined, value: root };
  let reason: string | null;
  try {
    reason = writeParts(root, form, writing);
  } catch (error) {
    // Code of the value ran: a getter, a proxy, `toJSON`.
    const path = joinedPath(pathOf(writing), throwingKey(writing.value));
    throw refused(path, "a value that throws an error when it is read", error);
  }
  if (reason !== null) throw refused(pathOf(writing), reason);
  try {
    return writing.out.join("");
  } catch (error) {
    throw refused("", "larger than 512 MB as JSON", error);
  }
}

/** Writes all parts of a value; gives what is wrong with the value that was reached, or `null`. */
function writeParts(root: unknown, form: JsonForm, writing: Writing): string | null {
  const { out, outer } = writing;
  let value = root;
  for (;;) {
    const written = scalarOrContainer(value, form);
    if (typeof written === "string") {
      out.push(written);
    } else {
      if (written instanceof Unstorable) return written.what;
      if (writing.open !== undefined) outer.push(writing.open);
      writing.open = written;
      const cycle = isPowerOfTwo(outer.length) ? cycleLength([...outer, written]) : null;
      if (cycle !== null) {
        // The path ends where the value comes again for the first time.
        outer.length = cycle;
        writing.open = undefined;
        return "part of itself";
      }
      if (outer.length >= mostLevels) return "nested more than 200,000 levels deep";
      out.push(written.keys === null ? "[" : "{");
    }
    let { open } = writing;
    for (;;) {
      if (open === undefined) return null;
      if (open.keys !== null)
        while (open.next < open.values.length && open.values[open.next] === undefined) open.next++;
      if (open.next < open.values.length) break;
      if (form.pretty === true && open.written > 0) out.push(lineBreak(outer.length));
      out.push(open.keys === null ? "]" : "}");
      open = outer.pop();
      writing.open = open;
    }
    if (open.written++ > 0) out.push(",");
    if (form.pretty === true) out.push(lineBreak(outer.length + 1));
    const key = open.keys?.[open.next];
    if (key !== undefined) out.push(quoted(key) + (form.pretty === true ? ": " : ":"));
    value = open.values[open.next++];
    writing.value = value;
  }
}

type Written = string | Open | Unstorable;

function scalarOrContainer(value: unknown, form: JsonForm, fromToJson = false): Written {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      return Number.isSafeInteger(value) ? `${value}` : floatToJson(value);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return form.anyInteger === true || (value >= minInteger && value <= maxInteger) ? `${value}` : beyond64Bits;
    case "undefined":
      return "null";
    case "function":
      return aFunction;
    case "symbol":
      return aSymbol;
    case "object":
      return value === null ? "null" : objectOrScalar(value, form, fromToJson);
  }
}

function objectOrScalar(value: object, form: JsonForm, fromToJson: boolean): Written {
  if (Array.isArray(value)) {
    return value.length > mostElements
      ? tooManyElements
      : { source: value, keys: null, values: value, next: 0, written: 0 };
  }
  if (isPlainObject(value)) return openObject(value, Object.keys(value), Object.values(value), form);
  if (value instanceof Map) return openMap(value, form);
  const kind = kindOf(value);
  if (kind === "float") return floatToJson((value as Float).value);
  const text = typedText(value, { marked: form.typed === true });
  if (text !== undefined) {
    return kind === "time" && form.typed !== true && /[+-]/.test(text) ? timeWithOffset : quoted(text);
  }
  const stored = storableValue(value, { fromToJson });
  if (stored instanceof Unstorable) return stored;
  if (stored === value) return openObject(value, Object.keys(value), Object.values(value), form);
  const written = scalarOrContainer(stored, form, true);
  // The object itself is what would come again in a cycle, not what was made of it.
  return typeof written === "string" || written instanceof Unstorable ? written : { ...written, source: value };
}

function openObject(source: object, keys: readonly string[], values: readonly unknown[], form: JsonForm): Open {
  if (form.sorted !== true) return { source, keys, values, next: 0, written: 0 };
  const order = [...keys.keys()].sort((a, b) => compareCodePoints(keys[a] as string, keys[b] as string));
  const sortedKeys = order.map((index) => keys[index] as string);
  return { source, keys: sortedKeys, values: order.map((index) => values[index]), next: 0, written: 0 };
}

function openMap(map: ReadonlyMap<unknown, unknown>, form: JsonForm): Open | Unstorable {
  const keys: string[] = [];
  for (const key of map.keys()) {
    const name = keyText(key);
    if (name === null) return keyWithoutText;
    keys.push(name);
  }
  return openObject(map, keys, [...map.values()], form);
}

/** Keys of a map as text: numbers, booleans and null as JSON has them; `null` for what has no such text. */
function keyText(key: unknown): string | null {
  if (typeof key === "string") return key;
  const text = scalarOrContainer(key, {});
  if (typeof text !== "string") return null;
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    typeof (value as { toJSON?: unknown }).toJSON !== "function"
  );
}

function quoted(text: string): string {
  if (text.length <= shortText && isPlainText(text)) return `"${text}"`;
  const json = JSON.stringify(text);
  // `JSON.stringify` escapes a surrogate without its other half, which UTF-8 cannot hold.
  return json.includes("\\ud") ? JSON.stringify(wellFormed(text)) : json;
}

// Up to here looking at each character is faster than a call of `JSON.stringify`.
const shortText = 64;

/** True when nothing in the text has to be escaped; false for some text where it has not. */
function isPlainText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code >= 0xd800) return false;
  }
  return true;
}

function lineBreak(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}

/** `a.b[2]` for the value that was reached; the middle of a long path is left out. */
function pathOf({ outer, open }: Writing): string {
  let path = "";
  for (const { keys, next } of open === undefined ? outer : [...outer, open]) {
    // Nothing of the last one was reached where its members themselves could not be read.
    if (next === 0) break;
    const key = keys?.[next - 1];
    path = joinedPath(path, key ?? next - 1);
  }
  const half = longestPath / 2;
  return wellFormed(path.length <= longestPath ? path : `${path.slice(0, half)} … ${path.slice(-half)}`);
}

function joinedPath(path: string, part: string | number | null): string {
  if (typeof part === "number") return `${path}[${part}]`;
  return part === null ? path : path === "" ? part : `${path}.${part}`;
}

/** The member of an object that cannot be read; `null` when it is the object itself. */
function throwingKey(value: unknown): string | null {
  try {
    for (const key of Object.keys(value as object)) {
      try {
        void (value as Readonly<Record<string, unknown>>)[key];
      } catch {
        return key;
      }
    }
  } catch {
    // Not even its keys can be read.
  }
  return null;
}

const longestPath = 200;
// A proxy may make up objects without end.
const mostLevels = 200_000;

// A cycle goes on for ever, so looking for one at depths that double is enough and costs next to nothing.
function isPowerOfTwo(depth: number): boolean {
  return depth >= 64 && (depth & (depth - 1)) === 0;
}

/** How many containers there are before one that is open already; `null` when there is none. */
function cycleLength(open: readonly Open[]): number | null {
  const met = new Set<object>();
  for (let at = 0; at < open.length; at++) {
    const { source } = open[at] as Open;
    if (met.has(source)) return at;
    met.add(source);
  }
  return null;
}

const minInteger = -(2n ** 63n);
const maxInteger = 2n ** 64n - 1n;
const beyond64Bits = new Unstorable("an integer beyond 64 bits");
/** More do not fit into a text, however short they are. */
export const mostElements = 2 ** 28;
const tooManyElements = new Unstorable("a list of more elements than a text can hold");
const aFunction = new Unstorable("a function");
const aSymbol = new Unstorable("a symbol");
const timeWithOffset = new Unstorable("a time of day with an offset");
const keyWithoutText = new Unstorable("a map with a key that has no text");
