import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { shippedSources } from "./repository-files.js";
import { repositoryRoot } from "./workspace.js";

/** A code of an error, as its catalogue has it. */
interface CatalogueEntry {
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

/** Messages and hints by code, from where errors are made and from tables of what errors of drivers mean. */
function thrownErrors(codes: ReadonlySet<string>): ReadonlyMap<string, Thrown> {
  const thrown = new Map<string, Thrown>();
  for (const path of shippedSources()) {
    const file = parsed(join(repositoryRoot, path));
    const constants = constantsOf(file);
    visit(file, (node) => {
      const { code, message, hint } = partsOf(node);
      for (const each of literalsIn(code, constants).filter((text) => codes.has(text))) {
        const { messages, hints } = thrown.get(each) ?? { messages: new Set(), hints: new Set() };
        for (const text of literalsIn(message, constants)) messages.add(text);
        for (const text of literalsIn(hint, constants)) hints.add(text);
        thrown.set(each, { messages, hints });
      }
    });
  }
  return thrown;
}

/** What stands for code, message and hint in `new SourceError(code, message, { hint })` or `{ code, hint }`. */
function partsOf(node: ts.Node): Readonly<Partial<Record<"code" | "message" | "hint", ts.Expression | undefined>>> {
  if (ts.isObjectLiteralExpression(node)) return { code: member(node, "code"), hint: member(node, "hint") };
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return {};
  const [code, message, details] = node.arguments ?? [];
  return message === undefined ? {} : { code, message, hint: member(details, "hint") };
}

type Constants = ReadonlyMap<string, string>;

/** The texts that a file gives a name for all of it. */
function constantsOf(file: ts.SourceFile): Constants {
  const declarations = file.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap(({ declarationList }) => [...declarationList.declarations]);
  return new Map(
    declarations.flatMap(({ name, initializer }): readonly (readonly [string, string])[] =>
      initializer !== undefined && ts.isStringLiteralLike(initializer) ? [[name.getText(), initializer.text]] : [],
    ),
  );
}

/** The texts that an expression can be: one, or those of its branches. */
function literalsIn(expression: ts.Expression | undefined, constants: Constants): readonly string[] {
  if (expression === undefined) return [];
  if (ts.isConditionalExpression(expression))
    return [expression.whenTrue, expression.whenFalse].flatMap((branch) => literalsIn(branch, constants));
  if (ts.isParenthesizedExpression(expression)) return literalsIn(expression.expression, constants);
  const text = textOf(expression, constants)?.replaceAll(/…{2,}/g, "…");
  return text === undefined || !/[A-Za-z]{2}/.test(text) ? [] : [text];
}

/** The text of a literal, or of several that are joined, with `…` for what is put in. */
function textOf(expression: ts.Expression | undefined, constants: Constants = new Map()): string | undefined {
  if (expression === undefined) return undefined;
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (ts.isIdentifier(expression)) return constants.get(expression.text);
  const put = (part: ts.Expression): string => textOf(part, constants) ?? "…";
  if (ts.isTemplateExpression(expression)) {
    const { head, templateSpans } = expression;
    return templateSpans.reduce((text, span) => `${text}${put(span.expression)}${span.literal.text}`, head.text);
  }
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  return `${put(expression.left)}${put(expression.right)}`;
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
