import { symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { type BuildOptions, build } from "esbuild";

/** Folder of this package. */
export const packageFolder = join(import.meta.dirname, "..");

const requireOfModule = `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`;

/** Bundles what runs on the sources of this package and all others. The driver of DuckDB stays outside. */
export async function bundle(
  input: Pick<BuildOptions, "stdin" | "entryPoints">,
  options: { readonly outfile: string; readonly format: "esm" | "cjs" },
): Promise<void> {
  await build({
    ...input,
    ...options,
    bundle: true,
    platform: "node",
    target: "node20",
    conditions: ["@dlt/source"],
    external: ["@duckdb/node-api"],
    // Packages in CommonJS ask for `require`, which an ES module has to be given.
    ...(options.format === "esm" && { banner: { js: requireOfModule } }),
    logLevel: "error",
  });
}

/** Lets bundles in a folder find the packages that stay outside of them. */
export async function linkPackages(folder: string): Promise<void> {
  await symlink(join(packageFolder, "node_modules"), join(folder, "node_modules"));
}

/**
 * Bundles a script of the tests into an empty folder. A process of it starts in a fraction of the time that compiling it
 * anew would take.
 *
 * @returns its file
 */
export async function bundleScript(script: string, folder: string): Promise<string> {
  await linkPackages(folder);
  const outfile = join(folder, `${basename(script, ".ts")}.mjs`);
  await bundle({ entryPoints: [script] }, { outfile, format: "esm" });
  return outfile;
}
