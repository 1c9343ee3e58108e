import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { defineConfig } from "tsup";

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly "@dlt/source"?: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
}

// Every package is built from its own folder. What it exports says what to build: `.` and `./x` become `dist/index.js`
// and `dist/x.js`; so does `src/main.ts`, for a command `dist/main.js`; `src/…/y.worker.ts`, the entry of a worker thread, becomes
// `dist/y.worker.js`.
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const exported = Object.values(manifest.exports).flatMap((target) => target["@dlt/source"] ?? []);
const commands = Object.values(manifest.bin ?? {}).map((target) =>
  join("src", basename(target).replace(/\.js$/, ".ts")),
);
const workers = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".worker.ts"))
  .map((file) => join("src", file));

const named = (files: readonly string[]) => Object.fromEntries(files.map((file) => [basename(file, ".ts"), file]));

/** What the types of `await using` are in, for applications that have neither this library nor the types of Node. */
const typesOfUsing = '/// <reference lib="esnext.disposable" />';

const shared = { format: "esm", target: "node20", sourcemap: true } as const;

// Types take ten times as long as the rest, and are needed by less: `tsup --no-dts` builds the one, `tsup --dts-only` the other. All of
// it goes to one folder, where each leaves alone what the others write.
export default defineConfig(({ dts }) =>
  dts === false
    ? [
        { ...shared, entry: named([...exported, ...commands]), clean: ["!*.worker.*", "!*.d.ts"] },
        // A thread gets one file with all that it needs: it starts faster, and finds it whatever conditions resolve packages.
        ...(workers.length === 0 ? [] : [{ ...shared, entry: named(workers), noExternal: [/^@dlt\//] }]),
      ]
    : { ...shared, entry: named(exported), dts: { only: true, banner: typesOfUsing }, clean: ["!*.js", "!*.js.map"] },
);
