import { jsonFile, tsconfigFile } from "./json-file.js";
import { configText, gitignoreText, programText, secretsText } from "./new-files.js";
import type { NewFiles } from "./new-folder.js";
import type { PackageManager } from "./package-manager.js";
import { pipelineNameOf } from "./package-name.js";
import { fromTemplate, type Names } from "./templates.js";
import { rangesOf } from "./versions.js";

/** The program of a new project. */
export function projectProgram(packageName: string): string {
  return `${pipelineNameOf(packageName)}_pipeline.ts`;
}

/** The files of a new project: a pipeline that loads into DuckDB as it is. */
export function projectFiles(packageName: string, manager: PackageManager): NewFiles {
  const pipeline = pipelineNameOf(packageName);
  const program = projectProgram(packageName);
  const names: Names = [
    ["my-shop", packageName],
    ["my_shop", pipeline],
  ];
  const page = (name: string): string => fromTemplate(`project/${name}`, names, manager);
  return {
    "package.json": jsonFile({
      name: packageName,
      version: "0.0.0",
      private: true,
      type: "module",
      engines: { node: ">=20.19" },
      scripts: {
        start: `dlt pipeline ${program} run`,
        plan: `dlt plan ${program}`,
        typecheck: "tsc",
      },
      // Peers of the others are among them, because not every package manager installs those by itself.
      dependencies: rangesOf(["@dlt/cli", "@dlt/core", "@dlt/destination-duckdb", "@dlt/pipeline", "@dlt/sql"]),
      devDependencies: rangesOf(["@types/node", "typescript"]),
    }),
    [program]: programText({ name: pipeline, destination: "duckdb" }),
    "tsconfig.json": tsconfigFile(["*.ts"]),
    ".gitignore": gitignoreText,
    ".dlt/config.toml": configText,
    ".dlt/secrets.toml": secretsText,
    "README.md": page("README.md"),
    "AGENTS.md": page("AGENTS.md"),
    "llms.txt": page("llms.txt"),
  };
}
