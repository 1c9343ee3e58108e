import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CodeBlock, codeBlocks, markdownPages, readPage } from "../src/markdown.js";
import { runProgram } from "../src/run-program.js";
import { repositoryRoot } from "../src/workspace.js";

/**
 * What pages show of examples is what the examples are. A block below `<!-- file examples/x/src/x.ts -->` holds that file, one
 * below `<!-- output examples/x/src/x.ts -->` what the program prints. `vitest -u` fills them anew.
 */
const pages = markdownPages().filter((page) =>
  codeBlocks(readPage(page)).some(({ filledFrom }) => filledFrom !== null),
);

test("the README shows the quickstart and what it prints", () => {
  const fillings = codeBlocks(readPage("README.md")).flatMap(({ filledFrom }) =>
    filledFrom === null ? [] : [filledFrom.join(" ")],
  );
  expect(fillings).toEqual([
    "file examples/quickstart/src/quickstart.ts",
    "output examples/quickstart/src/quickstart.ts",
  ]);
});

test.each(pages)(
  "%s shows what is there",
  async (page) => {
    await expect(await filled(readPage(page))).toMatchFileSnapshot(join(repositoryRoot, page));
  },
  120_000,
);

async function filled(text: string): Promise<string> {
  const lines = text.split("\n");
  // From the last block up, so that lines of the blocks before stay where they are.
  for (const block of codeBlocks(text).toReversed()) {
    if (block.filledFrom !== null)
      lines.splice(block.line + 1, block.content.length, ...(await contentOf(block, block.filledFrom)));
  }
  return lines.join("\n");
}

async function contentOf(
  block: CodeBlock,
  [kind, path]: readonly [kind: string, path: string],
): Promise<readonly string[]> {
  if (kind === "file") return (await readFile(join(repositoryRoot, path), "utf8")).trimEnd().split("\n");
  const printed = (await output(path)).trimEnd().split("\n");
  return stable(printed) === stable(block.content) ? block.content : printed;
}

/** Lines without what differs from run to run. */
function stable(lines: readonly string[]): string {
  return lines
    .join("\n")
    .replaceAll(/\b\d{10}\.\d{1,6}\b/g, "<load id>")
    .replaceAll(/\b\d{14}\b/g, "<time>")
    .replaceAll(/("_dlt_(?:parent_)?id":)"[^"]+"/g, "$1<id>")
    .replaceAll(/\b[\d.]+ seconds?\b/g, "<duration>");
}

/** What a program of an example prints, run on the sources, in a folder of its own. */
async function output(program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-example-"));
  try {
    const printed = await runProgram(join(repositoryRoot, program), folder);
    return printed.replaceAll(folder, "/path/to/your/project");
  } finally {
    await rm(folder, { recursive: true });
  }
}
