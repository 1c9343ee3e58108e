import type { BytesBuilder } from "../columns/column-builder.js";
import { misfit } from "./misfit.js";
import { fieldKind, type PlanField, type PlanList, type PlanNode } from "./plan.js";
import { TimestampScanner } from "./timestamp-scanner.js";
import { copyEscapedText } from "./unescape-text.js";
import { isUtf8 } from "./utf8.js";

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
/** First byte of the private-use characters U+F000 to U+FFFF, which mark typed values. */
const markByte = 0xef;
/** Text is copied while it is scanned in steps of this many bytes, so that room is asked for once a step. */
const textStep = 256;
/** Rows that are nested deeper go by the general rules, which do not recurse. */
const deepestScan = 200;
const powersOfTen = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** True when text in `data` may be a typed value. */
function startsWithMark(data: Uint8Array, from: number, to: number): boolean {
  return to - from >= 3 && data[from] === markByte && data[from + 1] === 0x80;
}

/** Converts a scalar or document at `from` for a column of another type; gives its end, or `misfit`. */
export type ConvertValue = (field: PlanField, row: number, from: number) => number;

/**
 * Reads rows as JSON text straight into columns, guided by a plan: no JavaScript object is made. Whatever the plan does not
 * foresee (an unknown key, another type, a typed value, a repeated key, invalid JSON) gives `misfit`, and the general rules take
 * the row. Every method takes a position and gives the position after what it read.
 */
export class RowScanner {
  private bytes: Uint8Array = new Uint8Array(0);
  private end = 0;
  /** Number of the object that is being read: tells a repeated key from a key of an earlier object. */
  private objectNumber = 0;
  private rootRow = 0;
  /** Objects and lists around the value that is being read, without the row itself. */
  private depth = 0;
  private readonly convert: ConvertValue;
  private readonly timestamps = new TimestampScanner();

  constructor(convert: ConvertValue) {
    this.convert = convert;
  }

  /** The text to read. White space follows its end, or nothing that could continue a number. */
  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** Reads the object at `from` as one root row. On `misfit` the caller takes back what was added. */
  scanRoot(node: PlanNode, from: number, rootRow: number): number {
    if (this.bytes[from] !== openBrace || node.table.refused) return misfit;
    this.rootRow = rootRow;
    this.depth = 0;
    const row = node.table.addRow(-1, 0, rootRow);
    return this.scanObject(node, row, from + 1);
  }

  /** First position from `from` on that is not white space. */
  skipSpace(from: number): number {
    const bytes = this.bytes;
    let at = from;
    for (; ; at++) {
      const byte = bytes[at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    }
  }

  private scanObject(node: PlanNode, row: number, from: number): number {
    const bytes = this.bytes;
    const keyBytes = node.keyBytes;
    const objectNumber = ++this.objectNumber;
    let at = from;
    if ((bytes[at] as number) <= 0x20) at = this.skipSpace(at);
    if (bytes[at] === closeBrace) return at + 1;
    let expected = node.first;
    let previous: PlanField | null = null;
    for (;;) {
      if (bytes[at] !== quote) return misfit;
      at++;
      let field = expected;
      if (field !== null) {
        const length = field.keyLength;
        const keyFrom = field.keyFrom;
        for (let i = 0; i < length; i++) {
          if (bytes[at + i] !== keyBytes[keyFrom + i]) {
            field = null;
            break;
          }
        }
      }
      if (field === null) {
        field = this.findField(node, at);
        if (field === null) return misfit;
        if (previous === null) node.first = field;
        else previous.following = field;
      }
      if (field.seenIn === objectNumber) return misfit;
      field.seenIn = objectNumber;
      at += field.keyLength;
      if (bytes[at] !== colon) {
        at = this.skipSpace(at);
        if (bytes[at] !== colon) return misfit;
      }
      at++;
      if ((bytes[at] as number) <= 0x20) at = this.skipSpace(at);
      at = this.scanField(field, row, at);
      if (at < 0) return misfit;
      let byte = bytes[at] as number;
      if (byte <= 0x20) {
        at = this.skipSpace(at);
        byte = bytes[at] as number;
      }
      if (byte === closeBrace) return at + 1;
      if (byte !== comma) return misfit;
      at++;
      if ((bytes[at] as number) <= 0x20) at = this.skipSpace(at);
      expected = field.following;
      previous = field;
    }
  }

  private findField(node: PlanNode, from: number): PlanField | null {
    const bytes = this.bytes;
    let hash = 0x811c9dc5;
    for (let at = from; at < this.end; at++) {
      const byte = bytes[at] as number;
      if (byte === quote) return node.find(bytes, from, at, hash >>> 0);
      if (byte === backslash) return null;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return null;
  }

  private scanField(field: PlanField, row: number, at: number): number {
    switch (this.bytes[at]) {
      case quote:
        return this.scanString(field, row, at);
      case openBrace:
        return this.scanNested(field, row, at);
      case openBracket:
        return this.scanListField(field, row, at);
      case 0x6e:
        return this.scanNull(field, at);
      case 0x74:
      case 0x66:
        return this.scanBool(field, row, at);
      default:
        return this.scanNumber(field, row, at);
    }
  }

  private scanNested(field: PlanField, row: number, at: number): number {
    if (field.kind === fieldKind.general) return misfit;
    if (field.staysJson) return field.builder === null ? misfit : this.convert(field, row, at);
    if (field.object !== null) {
      if (++this.depth > deepestScan) return misfit;
      const end = this.scanObject(field.object, row, at + 1);
      this.depth--;
      return end;
    }
    // An empty object leaves no trace.
    const next = this.skipSpace(at + 1);
    return this.bytes[next] === closeBrace ? next + 1 : misfit;
  }

  private scanListField(field: PlanField, row: number, at: number): number {
    if (field.kind === fieldKind.general) return misfit;
    if (field.staysJson) return field.builder === null ? misfit : this.convert(field, row, at);
    // An empty list leaves no trace, whether the plan knows lists here or not.
    const next = this.skipSpace(at + 1);
    if (this.bytes[next] === closeBracket) return next + 1;
    if (field.list === null || field.list.shared || field.list.table.refused) return misfit;
    if (++this.depth > deepestScan) return misfit;
    const end = this.scanList(field.list, row, next);
    this.depth--;
    return end;
  }

  private scanList(list: PlanList, parentRow: number, from: number): number {
    const bytes = this.bytes;
    const table = list.table;
    let at = from;
    for (let index = 0; ; index++) {
      const row = table.addRow(parentRow, index, this.rootRow);
      const byte = bytes[at];
      if (byte === openBrace) at = this.scanObject(list.objects, row, at + 1);
      else if (byte === openBracket) at = this.scanInnerList(list.lists, row, at);
      else at = this.scanField(list.scalars, row, at);
      if (at < 0) return misfit;
      let next = bytes[at] as number;
      if (next <= 0x20) {
        at = this.skipSpace(at);
        next = bytes[at] as number;
      }
      if (next === closeBracket) return at + 1;
      if (next !== comma) return misfit;
      at = this.skipSpace(at + 1);
    }
  }

  /** A list in a list: its elements belong to the field `list` of a row without other data. */
  private scanInnerList(node: PlanNode, row: number, at: number): number {
    const field = node.first;
    return field === null ? misfit : this.scanListField(field, row, at);
  }

  private scanNull(field: PlanField, at: number): number {
    const bytes = this.bytes;
    if (bytes[at + 1] !== 0x75 || bytes[at + 2] !== 0x6c || bytes[at + 3] !== 0x6c) return misfit;
    if (field.notNull || field.kind === fieldKind.general) return misfit;
    if (field.kind === fieldKind.absent) field.nullSeen = true;
    return at + 4;
  }

  private scanBool(field: PlanField, row: number, at: number): number {
    const bytes = this.bytes;
    const value = bytes[at] === 0x74;
    const end = value ? at + 4 : at + 5;
    if (
      value
        ? bytes[at + 1] !== 0x72 || bytes[at + 2] !== 0x75 || bytes[at + 3] !== 0x65
        : bytes[at + 1] !== 0x61 || bytes[at + 2] !== 0x6c || bytes[at + 3] !== 0x73 || bytes[at + 4] !== 0x65
    )
      return misfit;
    if (field.bool !== null) {
      field.bool.set(row, value);
      return end;
    }
    return field.kind > fieldKind.absent && field.kind < fieldKind.general ? this.convert(field, row, at) : misfit;
  }

  private scanNumber(field: PlanField, row: number, from: number): number {
    const bytes = this.bytes;
    let at = from;
    const negative = bytes[at] === minus;
    if (negative) at++;
    const firstDigit = at;
    let value = 0;
    let byte = bytes[at] as number;
    while (byte >= zero && byte <= nine) {
      value = value * 10 + (byte - zero);
      byte = bytes[++at] as number;
    }
    const digits = at - firstDigit;
    if (digits === 0 || (digits > 1 && bytes[firstDigit] === zero)) return misfit;
    if (field.kind === fieldKind.absent || field.kind === fieldKind.general) return misfit;
    const whole = byte !== point && byte !== 0x65 && byte !== 0x45;
    if (digits > 15) return this.convert(field, row, from);
    if (whole) {
      if (field.integer !== null && field.kind === fieldKind.bigint) {
        field.integer.setNumber(row, negative && value !== 0 ? -value : value);
        return at;
      }
      if (field.double !== null) {
        field.double.set(row, negative && value !== 0 ? -value : value);
        return at;
      }
      return this.convert(field, row, from);
    }
    if (field.double === null || byte !== point) return this.convert(field, row, from);
    const firstFraction = ++at;
    byte = bytes[at] as number;
    while (byte >= zero && byte <= nine) {
      value = value * 10 + (byte - zero);
      byte = bytes[++at] as number;
    }
    const fractionDigits = at - firstFraction;
    // Exact: a mantissa below 2^53 divided by a power of ten that a double holds exactly is rounded once (Clinger 1990).
    if (fractionDigits === 0 || digits + fractionDigits > 15 || byte === 0x65 || byte === 0x45)
      return this.convert(field, row, from);
    const magnitude = value / (powersOfTen[fractionDigits] as number);
    field.double.set(row, negative ? -magnitude : magnitude);
    return at;
  }

  private scanString(field: PlanField, row: number, at: number): number {
    if (field.text !== null && field.kind === fieldKind.text) return this.scanText(field.text, row, at + 1);
    if (field.kind === fieldKind.timestamp && field.integer !== null) {
      const end = this.timestamps.scan(this.bytes, at + 1);
      if (end !== misfit) {
        field.integer.setNumber(row, this.timestamps.micros);
        return end;
      }
    }
    if (field.kind === fieldKind.absent || field.kind === fieldKind.general) return misfit;
    return this.convert(field, row, at);
  }

  /** Copies a string into a text column; `from` is behind its opening quote. */
  private scanText(text: BytesBuilder, row: number, from: number): number {
    const bytes = this.bytes;
    // A typed value (decimal, date …) is told by its first character.
    if (bytes[from] === markByte && bytes[from + 1] === 0x80) return misfit;
    let out = text.start(row, textStep);
    let data: Uint8Array = text.data;
    const begin = out;
    let at = from;
    let seen = 0;
    let room = out + textStep;
    for (;;) {
      const byte = bytes[at] as number;
      if (byte === quote) break;
      if (byte === backslash) {
        const rest = copyEscapedText(bytes, at, text, out);
        // Escaped text gets its typed values by their marks, too: a mark may itself be escaped.
        if (rest === null || startsWithMark(text.data, begin, rest.copied) || !isUtf8(text.data, begin, rest.copied))
          return misfit;
        text.commit(row, rest.copied);
        return rest.end;
      }
      // Control characters are not allowed, and past the end there is `undefined`.
      if (!(byte >= 0x20)) return misfit;
      if (out === room) {
        data = text.ensure(out, textStep);
        room = out + textStep;
      }
      data[out++] = byte;
      seen |= byte;
      at++;
    }
    if (seen >= 0x80 && !isUtf8(data, begin, out)) return misfit;
    text.commit(row, out);
    return at + 1;
  }
}
