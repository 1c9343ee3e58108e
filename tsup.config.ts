import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly "@dlt/source"?: string }>>;
}

// Every package is built from its own folder; what it exports says what to build.
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const entry = Object.values(manifest.exports).flatMap((target) => target["@dlt/source"] ?? []);

export default defineConfig({
  entry,
  format: "esm",
  target: "node20",
  dts: true,
  sourcemap: true,
  clean: true,
});
