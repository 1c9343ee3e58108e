import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryFiles } from "./repository-files.js";
import { repositoryRoot } from "./workspace.js";

/** A fenced block of a page. Its content is between the fences, which are lines of their own. */
export interface CodeBlock {
  /** First word after the opening fence, e.g. `ts`. */
  readonly language: string;
  /** The words after it, e.g. `["continued"]`. */
  readonly words: readonly string[];
  /** Line of the opening fence, from 0. */
  readonly line: number;
  readonly content: readonly string[];
  /** What an HTML comment right above says is in it: `["file", "examples/…"]`. */
  readonly filledFrom: readonly [kind: string, path: string] | null;
}

/** Pages for people: those of the root, of the documentation and of each package. Relative to the root. */
export function markdownPages(): readonly string[] {
  return repositoryFiles("*.md")
    .filter((file) =>
      /^(?:[A-Z]+\.md|docs\/.*|(?:packages|sources|destinations|examples)\/[^/]+\/README\.md)$/.test(file),
    )
    .toSorted();
}

export function readPage(page: string): string {
  return readFileSync(join(repositoryRoot, page), "utf8");
}

/** The fenced blocks of a page, in order. */
export function codeBlocks(text: string): readonly CodeBlock[] {
  const lines = text.split("\n");
  const blocks: CodeBlock[] = [];
  for (let line = 0; line < lines.length; line++) {
    const opening = /^```(\S+)\s*(.*)$/.exec(lines[line] ?? "");
    if (opening === null) continue;
    const [, language = "", rest = ""] = opening;
    const end = lines.indexOf("```", line + 1);
    if (end < 0) throw new Error(`The block that begins at line ${line + 1} has no end.`);
    const comment = /^<!-- (file|output) (\S+) -->$/.exec(lines[line - 1] ?? "");
    const filledFrom = comment === null ? null : ([comment[1] ?? "", comment[2] ?? ""] as const);
    const words = rest.split(/\s+/).filter((word) => word !== "");
    blocks.push({ language, words, line, content: lines.slice(line + 1, end), filledFrom });
    line = end;
  }
  return blocks;
}
