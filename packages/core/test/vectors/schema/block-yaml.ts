import { decodeJson } from "../../../src/json/decode.js";
import type { JsonValue } from "../../../src/json/value.js";
import { doubleValue } from "../../../src/values/float.js";

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Reads YAML in the block style in which the reference writes schemas. Anything else throws. */
export function readBlockYaml(yaml: string): JsonValue {
  const lines = joinWrapped(yaml.replace(/\n$/, "").split("\n"));
  const { value, next } = readBlock(lines, 0);
  if (next !== lines.length) throw new Error(`Line ${next} cannot be read: ${lines[next]?.text}`);
  return value;
}

// Texts in quotes may go on in the next lines. Each line break within the text is a blank line there; no other line is blank.
function joinWrapped(texts: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  let breaks = "";
  for (const text of texts) {
    const line = { indent: text.length - text.trimStart().length, text: text.trim() };
    const last = lines.at(-1);
    if (last === undefined || !isOpenText(last.text)) {
      lines.push(line);
    } else if (line.text === "") {
      breaks += "\n";
    } else {
      lines[lines.length - 1] = { ...last, text: `${last.text}${breaks || " "}${line.text}` };
      breaks = "";
    }
  }
  return lines;
}

function isOpenText(text: string): boolean {
  const value = text.replace(/^- /, "").replace(/^(?:'[^']*'|[^':]+):(?: |$)/, "");
  return (
    (/^'/.test(value) && !/^'(?:[^']|'')*'$/.test(value)) || (/^"/.test(value) && !/^"(?:[^"\\]|\\.)*"$/.test(value))
  );
}

function readBlock(lines: readonly Line[], start: number): { readonly value: JsonValue; readonly next: number } {
  const first = lines[start];
  if (first === undefined) throw new Error("The document is cut off.");
  return first.text.startsWith("- ") ? readList(lines, start, first.indent) : readMapping(lines, start, first.indent);
}

function readList(
  lines: readonly Line[],
  start: number,
  indent: number,
): { readonly value: JsonValue; readonly next: number } {
  const items: JsonValue[] = [];
  let at = start;
  for (let line = lines[at]; line?.indent === indent && line.text.startsWith("- "); line = lines[at]) {
    const text = line.text.slice(2);
    if (/^(?:'[^']*'|[^'"[{:]+):(?: |$)/.test(text)) {
      const item = [...lines];
      item[at] = { indent: indent + 2, text };
      const { value, next } = readMapping(item, at, indent + 2);
      items.push(value);
      at = next;
    } else {
      items.push(readScalar(text));
      at += 1;
    }
  }
  return { value: items, next: at };
}

function readMapping(
  lines: readonly Line[],
  start: number,
  indent: number,
): { readonly value: JsonValue; readonly next: number } {
  const members = new Map<string, JsonValue>();
  let at = start;
  for (let line = lines[at]; line?.indent === indent && !line.text.startsWith("- "); line = lines[at]) {
    const match = /^('(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|[^'"]+?):(?: ([^]*))?$/.exec(line.text);
    if (match === null) throw new Error(`This is no key: ${line.text}`);
    const key = String(readScalar(match[1] ?? "", { text: true }));
    if (match[2] !== undefined) {
      members.set(key, readScalar(match[2]));
      at += 1;
    } else {
      const { value, next } = readBlock(lines, at + 1);
      members.set(key, value);
      at = next;
    }
  }
  return { value: members, next: at };
}

function readScalar(text: string, { text: isText = false } = {}): JsonValue {
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  if (text.startsWith('"')) return JSON.parse(text.replace(/\\x([0-9A-F]{2})/g, "\\u00$1")) as string;
  if (isText) return text;
  if (text === "[]") return [];
  if (text === "{}") return new Map();
  if (text === "null") return null;
  if (text === "true" || text === "false") return text === "true";
  if (/^-?\d+$/.test(text)) return decodeJson(text);
  if (/^-?\d+\.\d*(?:e[+-]\d+)?$/.test(text)) return doubleValue(Number(text));
  // A date-time is stored as text.
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$/.test(text)) return text.replace(" ", "T").replace("+00:00", "Z");
  if (/^[[{&*!|>%@`?-]/.test(text)) throw new Error(`This is not block style: ${text}`);
  return text;
}
