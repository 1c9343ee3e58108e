import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { type Manifest, publishedPackages, readWorkspace, repositoryRoot, type WorkspacePackage } from "./workspace.js";

const workspace = readWorkspace();
const published = publishedPackages();
const workspaceNames = new Set(workspace.map(({ manifest }) => manifest.name));

const connectorPattern = /^@dlt\/(source|destination)-/;
const aboveConnectors = new Set(["@dlt/pipeline", "@dlt/cli", "@dlt/dbt", "@dlt/dashboard"]);

/** A package has all of these, in this order, and no field that is in neither list. */
const requiredFields = [
  "name",
  "version",
  "description",
  "license",
  "type",
  "exports",
  "files",
  "sideEffects",
  "engines",
  "scripts",
];
const optionalFields = [
  "imports",
  "bin",
  "dependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "devDependencies",
];

const sharedScripts = {
  "build:js": "tsup --config ../../tsup.config.ts --no-dts",
  "build:types": "tsup --config ../../tsup.config.ts --dts-only",
  typecheck: "tsc",
  test: "vitest run --config ../../vitest.config.ts",
  "check:package": "publint --strict && attw --pack --profile esm-only",
};

/** Reads JSON that may have comments. */
function readJson(folder: string, file: string): Record<string, unknown> {
  const path = join(repositoryRoot, folder, file);
  return ts.parseConfigFileTextToJson(path, readFileSync(path, "utf8")).config as Record<string, unknown>;
}

/** The part of the boundary rules that a package falls under, from where it lies. */
function boundaryTag({ folder, manifest }: WorkspacePackage): string {
  const parent = folder.split("/")[0];
  if (parent === "sources") return "source";
  if (parent === "destinations") return "destination";
  if (parent === "examples" || parent === "tooling") return "application";
  // It is used with the engine, and its own tests with any connector.
  if (manifest.name === "@dlt/testing") return "application";
  // Nothing is built on it, and its own tests load into DuckDB.
  if (manifest.name === "@dlt/cli") return "application";
  // Only the command line is built on it, and what it makes is tested with all of them.
  if (manifest.name === "@dlt/create") return "application";
  if (manifest.name === "@dlt/core") return "core";
  return manifest.name === "@dlt/pipeline" ? "pipeline" : "tool";
}

function allDependencies(manifest: Manifest): readonly (readonly [name: string, range: string])[] {
  return [manifest.dependencies, manifest.peerDependencies, manifest.devDependencies].flatMap((group) =>
    Object.entries(group ?? {}),
  );
}

test("the workspace holds the packages that everything else needs", () => {
  expect([...workspaceNames]).toEqual(
    expect.arrayContaining(["@dlt/core", "@dlt/pipeline", "@dlt/destination-duckdb"]),
  );
});

describe.each(workspace.map((member) => [member.manifest.name, member] as const))("%s", (_name, member) => {
  const { folder, manifest } = member;

  test("shares the licence, module type and Node version of the repository", () => {
    expect(manifest).toMatchObject({ license: "Apache-2.0", type: "module", engines: { node: ">=20.19" } });
  });

  test("takes other packages from the workspace and everything else from the catalog", () => {
    for (const [name, range] of allDependencies(manifest)) {
      expect(`${name}: ${range}`).toBe(`${name}: ${workspaceNames.has(name) ? "workspace:^" : "catalog:"}`);
    }
  });

  test("has the compiler flags of the repository", () => {
    const depth = "../".repeat(folder.split("/").length);
    expect(readJson(folder, "tsconfig.json")["extends"]).toBe(`${depth}tsconfig.base.json`);
  });

  test("carries its boundary tag", () => {
    expect(readJson(folder, "turbo.json")["tags"]).toEqual([boundaryTag(member)]);
  });
});

describe.each(published.map((member) => [member.manifest.name, member] as const))("%s, published", (_name, member) => {
  const { folder, manifest } = member;

  test("has the same fields as every other package", () => {
    const fields = Object.keys(manifest);
    expect(fields.filter((field) => !optionalFields.includes(field))).toEqual(requiredFields);
  });

  test("is named after its folder", () => {
    const [parent, child] = folder.split("/");
    const prefix = { packages: "", sources: "source-", destinations: "destination-" }[parent ?? ""];
    expect(manifest.name).toBe(`@dlt/${prefix}${child}`);
  });

  test("exports its source to this repository, and types before code to everybody else", () => {
    for (const [path, target] of Object.entries(manifest.exports ?? {})) {
      const entry = path === "." ? "index" : path.slice(2);
      expect(Object.entries(target)).toEqual([
        ["@dlt/source", `./src/${entry}.ts`],
        ["types", `./dist/${entry}.d.ts`],
        ["default", `./dist/${entry}.js`],
      ]);
    }
    expect(Object.keys(manifest.exports ?? {})).toContain(".");
  });

  test("publishes what it builds and the sources, without tests or side effects", () => {
    expect(manifest["files"]).toEqual(["dist", "src", "!src/**/*.test.ts", "!src/**/*.test-d.ts"]);
    expect(manifest["sideEffects"]).toBe(false);
  });

  test("is built, checked and tested like every other package", () => {
    expect(manifest.scripts).toMatchObject(sharedScripts);
  });

  test("has core as a peer, and as a dependency only where applications install it", () => {
    if (manifest.name === "@dlt/core") return;
    // It is downloaded to run once, without the library.
    if (manifest.name === "@dlt/create") return expect(manifest.peerDependencies).toBeUndefined();
    const group = boundaryTag(member) === "pipeline" ? manifest.dependencies : manifest.peerDependencies;
    expect(group).toHaveProperty("@dlt/core");
  });

  test("lists every peer for its own tests too", () => {
    expect(Object.keys(manifest.devDependencies ?? {})).toEqual(
      expect.arrayContaining(Object.keys(manifest.peerDependencies ?? {})),
    );
  });

  test("has a README that begins with its name", () => {
    const path = join(repositoryRoot, folder, "README.md");
    expect(existsSync(path), `${folder}/README.md exists`).toBe(true);
    expect(readFileSync(path, "utf8").split("\n")[0]).toBe(`# ${manifest.name}`);
  });
});

describe("dependency direction", () => {
  test("nothing is under core", () => {
    const core = published.find(({ manifest }) => manifest.name === "@dlt/core")?.manifest;
    expect(core?.dependencies).toBeUndefined();
    expect(core?.peerDependencies).toBeUndefined();
  });

  test.each(published.filter(({ manifest }) => connectorPattern.test(manifest.name)))(
    "$manifest.name needs no other connector and nothing that runs connectors",
    ({ manifest }) => {
      const needed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
      expect(needed.filter((name) => connectorPattern.test(name) || aboveConnectors.has(name))).toEqual([]);
    },
  );

  test("the pipeline needs no connector", () => {
    const pipeline = published.find(({ manifest }) => manifest.name === "@dlt/pipeline")?.manifest;
    const needed = Object.keys({ ...pipeline?.dependencies, ...pipeline?.peerDependencies });
    expect(needed.filter((name) => connectorPattern.test(name))).toEqual([]);
  });
});

test("core and what is built around the engine are released together, connectors each on their own", () => {
  const together = ["@dlt/core", "@dlt/pipeline", "@dlt/testing", "@dlt/create", "@dlt/cli"].filter((name) =>
    workspaceNames.has(name),
  );
  expect(readJson(".changeset", "config.json")["fixed"]).toEqual([together]);
});
