import { join } from "node:path";
import ts from "typescript";
import { beforeAll, expect, test } from "vitest";
import { type CodeBlock, codeBlocks, markdownPages, readPage } from "../src/markdown.js";
import { readWorkspace, repositoryRoot } from "../src/workspace.js";

/**
 * Programs in the pages are compiled against the sources. A `ts` block is a program of its own; with `ts continued` it goes
 * on where the block before it ends. `ts fragment` is not compiled: it shows a shape.
 */
const infoWords = ["continued", "fragment"];

const blocks = markdownPages().flatMap((page) => codeBlocks(readPage(page)).map((block) => ({ page, ...block })));
const programs = new Map(markdownPages().flatMap((page) => programsOf(page)));
const wrongProgram = [
  "docs/wrong.md",
  'import { pipeline } from "@dlt/pipeline";\n\npipeline({ destinaton: "duckdb" });\n',
] as const;
let problems: readonly string[] = [];

beforeAll(() => {
  const [wrongPage, wrongText] = wrongProgram;
  problems = compile(new Map([...programs, [virtualPath(wrongPage, 1), wrongText]]));
}, 300_000);

test("there are programs to compile", () => {
  expect(programs.size).toBeGreaterThan(5);
});

test("every `ts` block compiles", () => {
  expect(problems.filter((problem) => !problem.startsWith(wrongProgram[0]))).toEqual([]);
});

test("a program that is wrong is found, at its line", () => {
  const found = problems.filter((problem) => problem.startsWith(wrongProgram[0]));
  expect(found).toEqual([expect.stringMatching(/^docs\/wrong\.md:3: .*destinaton/)]);
});

test("blocks of code name a language, and only words that mean something", () => {
  expect(blocks.filter(({ language }) => /^(?:typescript|javascript|js|json5|console)$/.test(language))).toEqual([]);
  const words = blocks.filter(({ language }) => language === "ts").flatMap((block) => block.words);
  expect(words.filter((word) => !infoWords.includes(word))).toEqual([]);
});

/** The programs of a page by file; each stands at the lines where it stands in the page. */
function programsOf(page: string): readonly (readonly [file: string, text: string])[] {
  const found: { readonly line: number; readonly blocks: CodeBlock[] }[] = [];
  for (const block of codeBlocks(readPage(page))) {
    if (block.language !== "ts" || block.words.includes("fragment")) continue;
    const last = found.at(-1);
    if (block.words.includes("continued") && last !== undefined) last.blocks.push(block);
    else found.push({ line: block.line, blocks: [block] });
  }
  return found.map((program) => {
    const lines: string[] = [];
    for (const block of program.blocks) {
      while (lines.length <= block.line) lines.push("");
      lines.push(...block.content);
    }
    return [virtualPath(page, program.line + 1), lines.join("\n")];
  });
}

/** Beside this package, whose dependencies the programs see. */
function virtualPath(page: string, line: number): string {
  return join(repositoryRoot, "tooling", ".snippets", page, `${line}.ts`);
}

/** `page:line: message` of everything that the compiler has against the programs. */
function compile(files: ReadonlyMap<string, string>): readonly string[] {
  const configPath = join(repositoryRoot, "tsconfig.base.json");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(configPath, ts.sys.readFile).config,
    ts.sys,
    repositoryRoot,
  );
  const paths = Object.fromEntries(
    readWorkspace().map(({ folder, manifest }) => [manifest.name, [join(repositoryRoot, folder, "src/index.ts")]]),
  );
  const compilerOptions: ts.CompilerOptions = {
    ...options,
    paths,
    moduleDetection: ts.ModuleDetectionKind.Force,
    // A program on a page may declare what only the text around it uses.
    noUnusedLocals: false,
    noUnusedParameters: false,
    verbatimModuleSyntax: false,
  };
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = files.get(name);
    if (text === undefined) return getSourceFile.call(host, name, languageVersion, ...rest);
    return ts.createSourceFile(name, text, languageVersion, true);
  };
  const program = ts.createProgram([...files.keys()], compilerOptions, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map((diagnostic) => describe(file, diagnostic));
  });
}

function describe(file: string, diagnostic: ts.Diagnostic): string {
  const page = file.slice(join(repositoryRoot, "tooling", ".snippets/").length).replace(/\/\d+\.ts$/, "");
  const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
  return `${page}:${line + 1}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
}
