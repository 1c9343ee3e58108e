import { ciWorkflow } from "./ci-workflow.js";
import type { ConnectorKind, ConnectorName } from "./connector-name.js";
import { jsonFile, tsconfigFile } from "./json-file.js";
import type { NewFiles } from "./new-folder.js";
import type { PackageManager } from "./package-manager.js";
import { fromTemplate, type Names } from "./templates.js";
import { rangesOf } from "./versions.js";

/** What kinds of connectors differ in. */
interface Skeleton {
  /** The connector of the templates, by its names. */
  readonly sample: ConnectorName;
  /** Template of its test, and the test that is made of it. */
  readonly test: readonly [template: string, path: string];
  readonly description: string;
  readonly peers: readonly string[];
  readonly testedWith: readonly string[];
  readonly firstNote: string;
}

const skeletons: Readonly<Record<ConnectorKind, Skeleton>> = {
  destination: {
    sample: {
      packageName: "dlt-destination-json-folder",
      file: "json-folder",
      name: "json_folder",
      identifier: "jsonFolder",
    },
    test: ["destination/test/conformance.ts", "test/conformance.test.ts"],
    description: "A destination of dlt: rows as JSON lines, in a folder per table.",
    peers: ["@dlt/core"],
    testedWith: ["@dlt/pipeline", "@dlt/testing"],
    firstNote: "Adds the destination: append and replace, JSON lines in a folder per table.",
  },
  source: {
    sample: { packageName: "dlt-source-help-desk", file: "help-desk", name: "help_desk", identifier: "helpDesk" },
    test: ["source/test/source.ts", "test/source.test.ts"],
    description: "A source of dlt: tickets of a help desk.",
    peers: ["@dlt/core", "@dlt/http"],
    testedWith: ["@dlt/destination-duckdb", "@dlt/pipeline", "@dlt/sql", "@duckdb/node-api"],
    firstNote: "Adds the source, with the resource `tickets`.",
  },
};

/** The files of a connector's package, whose tests pass as they are. */
export function connectorFiles(kind: ConnectorKind, connector: ConnectorName, manager: PackageManager): NewFiles {
  const skeleton = skeletons[kind];
  const { sample } = skeleton;
  const names = newNames(sample, connector);
  const template = (path: string): string => fromTemplate(path, names, manager);
  return {
    "package.json": jsonFile(manifest(kind, connector)),
    "tsconfig.json": tsconfigFile(["src", "test"]),
    ".gitignore": "node_modules/\ndist/\n*.tgz\n",
    "src/index.ts": template(`${kind}/src/index.ts`),
    [`src/${connector.file}.ts`]: template(`${kind}/src/${sample.file}.ts`),
    [skeleton.test[1]]: template(skeleton.test[0]),
    "README.md": `${readmeText(template(`${kind}/README.md`), connector)}\n${template("connector/before-publishing.md")}`,
    "AGENTS.md": template("connector/AGENTS.md") + template(`${kind}/AGENTS.md`),
    "llms.txt": template("connector/llms.txt") + template(`${kind}/llms.txt`),
    ".changeset/config.json": jsonFile(changesetConfig),
    ".changeset/first-release.md": `---\n"${connector.packageName}": minor\n---\n\n${skeleton.firstNote}\n`,
    ".github/workflows/ci.yml": ciWorkflow(manager),
  };
}

function newNames(sample: ConnectorName, made: ConnectorName): Names {
  return [
    ["dlt-connector", made.packageName],
    [sample.packageName, made.packageName],
    [sample.name.toUpperCase(), made.name.toUpperCase()],
    [sample.name, made.name],
    [sample.identifier, made.identifier],
    [sample.file, made.file],
  ];
}

function manifest(kind: ConnectorKind, { packageName }: ConnectorName): object {
  const { description, peers, testedWith } = skeletons[kind];
  const tools = ["@changesets/cli", "@types/node", "publint", "tsup", "typescript", "vitest"];
  return {
    name: packageName,
    version: "0.0.0",
    description,
    keywords: ["dlt", `dlt-${kind}`],
    license: "UNLICENSED",
    type: "module",
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    files: ["dist"],
    sideEffects: false,
    engines: { node: ">=20.19" },
    ...(packageName.startsWith("@") && { publishConfig: { access: "public" } }),
    scripts: {
      build: "tsup",
      typecheck: "tsc",
      // Processes die and databases are made in these tests: a slow machine may take its time.
      test: "vitest run --testTimeout 60000",
      check: "publint --strict",
      prepack: "tsup",
    },
    peerDependencies: rangesOf(peers),
    devDependencies: rangesOf([...peers, ...testedWith, ...tools]),
    tsup: {
      entry: ["src/index.ts"],
      format: "esm",
      target: "node20",
      dts: { banner: '/// <reference lib="esnext.disposable" />' },
      sourcemap: true,
      clean: true,
    },
  };
}

/** What is said of finding a destination by its name holds only where the package has the name for it. */
function readmeText(text: string, { packageName }: ConnectorName): string {
  const isFound = !packageName.startsWith("@");
  return text.replace(/<!-- by name -->\n([^]*)<!-- \/by name -->\n/, (_, part: string) => (isFound ? part : ""));
}

const changesetConfig = {
  changelog: "@changesets/cli/changelog",
  commit: false,
  access: "public",
  baseBranch: "main",
};
