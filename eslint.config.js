import tseslint from "typescript-eslint";

// Biome does the rest. These three need types: a lost promise is lost data.
export default tseslint.config(
  { ignores: ["**/dist/", "**/node_modules/", "**/*.js", "**/*.mjs"] },
  {
    files: ["{packages,sources,destinations,examples}/*/{src,test}/**/*.ts", "tooling/**/*.ts"],
    languageOptions: {
      parser: tseslint.parser,
      // As `pnpm typecheck` has it: each package alone would read the others again.
      parserOptions: {
        project: ["packages/core/tsconfig.json", "tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
);
