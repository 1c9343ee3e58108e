import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { shippedSources } from "./repository-files.js";
import { repositoryRoot } from "./workspace.js";

/** A code of an error, as its catalogue has it. */
export interface CatalogueEntry {
  readonly code: string;
  readonly title: string;
  readonly explanation: string;
}

/** Codes that are listed on one page. */
export interface CatalogueFamily {
  /** Name of the page in `docs/errors`, without its ending. */
  readonly page: string;
  readonly heading: string;
  readonly entries: readonly CatalogueEntry[];
}

/** What is said where a code is thrown; parts that differ are `…`. */
interface Thrown {
  readonly messages: Set<string>;
  readonly hints: Set<string>;
}

const headings: Readonly<Record<string, string>> = {
  config: "Settings",
  source: "Sources and resources",
  http: "Requests",
  schema: "Schemas and values",
  package: "Load packages and pipelines",
  partition: "Partitions",
  destination: "Destinations",
  internal: "The library itself",
  cli: "Command line",
};

/** All codes of the library and of its command line. */
export function errorFamilies(): readonly CatalogueFamily[] {
  const folder = join(repositoryRoot, "packages/core/src/errors/catalogue");
  const files = new Map(readdirSync(folder).map((name) => [basename(name, ".ts"), join(folder, name)]));
  files.set("cli", join(repositoryRoot, "packages/cli/src/errors.ts"));
  const unknown = [...files.keys()].filter((page) => headings[page] === undefined);
  if (unknown.length > 0) throw new Error(`There is no heading for the errors of ${unknown.join(", ")}.`);
  return Object.entries(headings).map(([page, heading]) => {
    const file = files.get(page);
    if (file === undefined) throw new Error(`There are no errors of \`${page}\`.`);
    return { page, heading, entries: entriesIn(file) };
  });
}

/** The pages of the reference by their path from the root. */
export function errorPages(families: readonly CatalogueFamily[] = errorFamilies()): ReadonlyMap<string, string> {
  const thrown = thrownErrors(new Set(families.flatMap(({ entries }) => entries.map(({ code }) => code))));
  const pages = new Map([["docs/errors/README.md", overview(families)]]);
  for (const family of families) pages.set(`docs/errors/${family.page}.md`, familyPage(family, thrown));
  return pages;
}

function overview(families: readonly CatalogueFamily[]): string {
  const lists = families.map(({ page, heading, entries }) => {
    const lines = entries.map(({ code, title }) => `- [\`${code}\`](${page}.md#${anchor(code)}): ${markdown(title)}`);
    return `## ${heading}\n\n${lines.join("\n")}\n`;
  });
  return `# Errors

Every error that the library throws on purpose is a \`DltError\`: its \`code\` is one of these and stays the same from version to version, its
message says what happened and where, and its \`hint\` what to do. \`dlt explain CODE\` prints what is said here, also for codes of connectors,
which have a prefix of their own (\`ACME:QUOTA_EXCEEDED\`; see [writing a connector](../writing-a-connector.md#errors)).

${lists.join("\n")}`;
}

function familyPage({ heading, entries }: CatalogueFamily, thrown: ReadonlyMap<string, Thrown>): string {
  const sections = entries.map(({ code, title, explanation }) => {
    const { messages, hints } = thrown.get(code) ?? { messages: new Set(), hints: new Set() };
    const parts = [`## ${code}`, `**${markdown(title)}.** ${markdown(explanation)}`];
    if (messages.size > 0) parts.push(list("What it says", messages));
    if (hints.size > 0) parts.push(list("What to do", hints));
    return parts.join("\n\n");
  });
  return `# Errors: ${heading}\n\nParts that differ from case to case are shown as \`…\`. [All codes](README.md)\n\n${sections.join("\n\n")}\n`;
}

function list(title: string, texts: ReadonlySet<string>): string {
  return `${title}:\n\n${[...texts].map((text) => `- ${markdown(text)}`).join("\n")}`;
}

/** What GitHub makes of a heading. */
function anchor(code: string): string {
  return code.toLowerCase().replaceAll(":", "");
}

/** Text in which nothing outside of code is taken for markup. */
function markdown(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[<>[\]*]/g, "\\$&")))
    .join("")
    .replaceAll("\n", " ");
}

function entriesIn(file: string): readonly CatalogueEntry[] {
  const entries: CatalogueEntry[] = [];
  visit(parsed(file), (node) => {
    if (!ts.isPropertyAssignment(node) || !ts.isObjectLiteralExpression(node.initializer)) return;
    const code = ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : "";
    const [title, explanation] = ["title", "explanation"].map((key) => textOf(member(node.initializer, key)));
    if (title !== undefined && explanation !== undefined) entries.push({ code, title, explanation });
  });
  return entries;
}

/** Messages and hints of errors whose code stands as it is where they are made, by code. */
function thrownErrors(codes: ReadonlySet<string>): ReadonlyMap<string, Thrown> {
  const thrown = new Map<string, Thrown>();
  for (const file of shippedSources()) {
    visit(parsed(join(repositoryRoot, file)), (node) => {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
      const [code, message, details] = node.arguments ?? [];
      if (code === undefined || message === undefined) return;
      for (const each of literalsIn(code).filter((text) => codes.has(text))) {
        const { messages, hints } = thrown.get(each) ?? { messages: new Set(), hints: new Set() };
        for (const text of literalsIn(message)) messages.add(text);
        for (const text of literalsIn(member(details, "hint"))) hints.add(text);
        thrown.set(each, { messages, hints });
      }
    });
  }
  return thrown;
}

/** The texts that an expression can be: one, or those of its branches. */
function literalsIn(expression: ts.Expression | undefined): readonly string[] {
  if (expression === undefined) return [];
  if (ts.isConditionalExpression(expression))
    return [...literalsIn(expression.whenTrue), ...literalsIn(expression.whenFalse)];
  if (ts.isParenthesizedExpression(expression)) return literalsIn(expression.expression);
  const text = textOf(expression);
  return text === undefined || !/[A-Za-z]{2}/.test(text) ? [] : [text];
}

/** The text of a literal, or of several that are joined, with `…` for what is put in. */
function textOf(expression: ts.Expression | undefined): string | undefined {
  if (expression === undefined) return undefined;
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isTemplateExpression(expression))
    return expression.templateSpans.reduce((text, { literal }) => `${text}…${literal.text}`, expression.head.text);
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  return `${textOf(expression.left) ?? "…"}${textOf(expression.right) ?? "…"}`;
}

function member(object: ts.Expression | undefined, name: string): ts.Expression | undefined {
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return undefined;
  for (const property of object.properties) {
    if (ts.isPropertyAssignment(property) && property.name.getText() === name) return property.initializer;
  }
  return undefined;
}

function visit(node: ts.Node, told: (node: ts.Node) => void): void {
  told(node);
  ts.forEachChild(node, (child) => visit(child, told));
}

function parsed(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}
