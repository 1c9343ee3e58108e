/** The text of a JSON file. */
export function jsonFile(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** `tsconfig.json` for programs and packages that run on Node as ES modules. */
export function tsconfigFile(include: readonly string[]): string {
  return jsonFile({
    compilerOptions: {
      target: "ES2022",
      lib: ["ES2023", "ESNext.Disposable"],
      module: "NodeNext",
      types: ["node"],
      noEmit: true,
      strict: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      skipLibCheck: true,
    },
    include,
  });
}
