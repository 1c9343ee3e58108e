import type { JsonValue } from "@dlt/core";
import {
  type CreateNodeOptions,
  Document,
  type DocumentOptions,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type SchemaOptions,
  type Tags,
} from "yaml";
import { scalarTags } from "./yaml-scalars.js";

/** A text is not the YAML that was expected; `message` says where and why. */
export class YamlProblem extends Error {}

/** The scalars of YAML 1.1 as PyYAML has them; mappings and sequences as usual. */
const options: SchemaOptions & DocumentOptions & CreateNodeOptions = {
  version: "1.1",
  schema: "failsafe",
  customTags: (tags: Tags): Tags =>
    tags.flatMap<Tags[number]>((tag) =>
      typeof tag === "object" && tag.collection === undefined ? scalarTags(tag) : [tag],
    ),
  merge: false,
  aliasDuplicateObjects: false,
};

/**
 * Writes a value in the style of PyYAML's `dump`: one entry in a line, keys in their order, lists not indented under their key,
 * long lines not folded. Either library reads it as the same value.
 */
export function formatYaml(value: JsonValue): string {
  return new Document(value, options).toString({
    indentSeq: false,
    lineWidth: 0,
    singleQuote: true,
    blockQuote: false,
    flowCollectionPadding: false,
  });
}

/**
 * Reads one document. Numbers stay apart as in JSON text (`1.0` from `1`, integers of any size); dates and times become text
 * as schemas hold them.
 *
 * @throws YamlProblem for what is not YAML, keys that are no text or stand twice, tags of other types, and what is nested thousands
 *   of levels deep
 */
export function parseYaml(text: string): JsonValue {
  try {
    return parsed(text);
  } catch (error) {
    // The library calls itself for every level.
    if (error instanceof RangeError) throw new YamlProblem("it is nested too deeply to be read");
    throw error;
  }
}

function parsed(text: string): JsonValue {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...options, uniqueKeys: false, prettyErrors: false, lineCounter: lines });
  const [problem] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (problem !== undefined) throw problemAt(lines, problem.pos[0], problem.message);
  return new Reader(lines).value(document.contents);
}

/** Texts that repeat a part by its anchor could grow without a bound. */
const maxRepeatedNodes = 100_000;

class Reader {
  private readonly lines: LineCounter;
  private readonly anchored = new Map<string, { readonly value: JsonValue; readonly nodes: number }>();
  private nodes = 0;
  private repeatedNodes = 0;

  constructor(lines: LineCounter) {
    this.lines = lines;
  }

  value(node: Node | null): JsonValue {
    if (node === null) return null;
    if (isAlias(node)) return this.repeated(node.source, node);
    const before = this.nodes;
    this.nodes += 1;
    const value = this.content(node);
    const { anchor } = node as { readonly anchor?: string };
    if (anchor !== undefined) this.anchored.set(anchor, { value, nodes: this.nodes - before });
    return value;
  }

  private content(node: Node): JsonValue {
    if (isScalar(node)) return node.value as JsonValue;
    if (isSeq<Node>(node)) return node.items.map((item) => this.value(item));
    if (!isMap<Node, Node | null>(node)) throw this.problem(node, "Nothing like this can stand here");
    const members = new Map<string, JsonValue>();
    for (const { key: keyNode, value } of node.items) {
      const key = this.value(keyNode);
      if (typeof key !== "string") throw this.problem(keyNode, "A key is not a text; put it in quotes");
      if (members.has(key)) throw this.problem(keyNode, `The key ${JSON.stringify(key)} stands here twice`);
      members.set(key, this.value(value));
    }
    return members;
  }

  private repeated(anchor: string, node: Node): JsonValue {
    const known = this.anchored.get(anchor);
    if (known === undefined) throw this.problem(node, `There is no \`&${anchor}\` before`);
    this.nodes += known.nodes;
    this.repeatedNodes += known.nodes;
    if (this.repeatedNodes > maxRepeatedNodes) throw this.problem(node, "Too much is repeated by anchors");
    return known.value;
  }

  private problem(node: Node, message: string): YamlProblem {
    return problemAt(this.lines, node.range?.[0] ?? 0, message);
  }
}

function problemAt(lines: LineCounter, offset: number, message: string): YamlProblem {
  const { line, col } = lines.linePos(offset);
  return new YamlProblem(`line ${line}, column ${col}: ${message}`);
}
