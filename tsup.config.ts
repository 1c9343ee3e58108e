import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { defineConfig } from "tsup";

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly "@dlt/source"?: string }>>;
}

// Every package is built from its own folder. What it exports says what to build: `.` and `./x` become `dist/index.js`
// and `dist/x.js`; `src/…/y.worker.ts`, the entry of a worker thread, becomes `dist/y.worker.js`.
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const exported = Object.values(manifest.exports).flatMap((target) => target["@dlt/source"] ?? []);
const workers = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".worker.ts"))
  .map((file) => join("src", file));

const named = (files: readonly string[]) => Object.fromEntries(files.map((file) => [basename(file, ".ts"), file]));

export default defineConfig({
  entry: named([...exported, ...workers]),
  dts: { entry: named(exported) },
  format: "esm",
  target: "node20",
  sourcemap: true,
  clean: true,
});
