import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { FileFormat, ThreadModule } from "@dlt/core";
import type { BuiltInFormats } from "./built-in-formats.js";
import type { ThreadFormat } from "./chunk-task.js";

const entryModule: ThreadModule = { package: "@dlt/pipeline", name: "normalize.worker", from: import.meta.url };

/** The files that the threads of one package run. One that is not there is told once. */
export class ThreadFiles {
  private readonly builtIn: BuiltInFormats;
  private readonly found = new Map<ThreadModule, string | null>();

  constructor(builtIn: BuiltInFormats) {
    this.builtIn = builtIn;
  }

  /** What a thread starts with. */
  get entryFile(): string | null {
    return this.fileOf(entryModule);
  }

  /** A format as a thread finds it; `null` where it cannot. */
  formatOf(format: FileFormat): ThreadFormat | null {
    const { name, threadModule } = format;
    if (this.builtIn.byName.get(name) === format) return { name, file: null };
    const file = threadModule === undefined ? null : this.fileOf(threadModule);
    return file === null ? null : { name, file };
  }

  private fileOf(module: ThreadModule): string | null {
    const known = this.found.get(module);
    if (known !== undefined) return known;
    const file = find(module);
    this.found.set(module, file);
    if (file === null) warnOfMissing(module);
    return file;
  }
}

/** The file of a module, whatever file the code that names it is in. */
function find({ name, from }: ThreadModule): string | null {
  if (from === undefined) return null;
  try {
    return createRequire(from).resolve(`#${name}`);
  } catch {
    const beside = fileURLToPath(new URL(`./${name}.mjs`, from));
    return existsSync(beside) ? beside : null;
  }
}

function warnOfMissing({ package: owner, name }: ThreadModule): void {
  process.emitWarning("Rows are normalized without threads, which takes longer: their file is not in this bundle.", {
    type: "DltWarning",
    code: "NORMALIZE_THREADS_MISSING",
    detail: `Copy node_modules/${owner}/dist/${name}.js beside the bundle as ${name}.mjs, leave ${owner} out of the bundle, or set \`workers\` to 1.`,
  });
}
