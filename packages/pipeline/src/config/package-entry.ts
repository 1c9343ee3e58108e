import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The file that `import` would take, seen from a file; `null` when the package is not installed there. */
export function packageEntry(packageName: string, fromFile: string): string | null {
  const require = createRequire(fromFile);
  try {
    return require.resolve(packageName);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND") return null;
    if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return importEntry(packageName, require);
    throw error;
  }
}

/** For packages that only tell what `import` gets, which `require.resolve` does not find. */
function importEntry(packageName: string, require: NodeJS.Require): string | null {
  for (const modules of require.resolve.paths(packageName) ?? []) {
    const folder = join(modules, packageName);
    if (!existsSync(join(folder, "package.json"))) continue;
    const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      readonly exports?: unknown;
    };
    const target = conditionTarget(hasKey(exports, ".") ? exports["."] : exports);
    if (target !== null) return join(folder, target);
  }
  return null;
}

function conditionTarget(target: unknown): string | null {
  if (typeof target === "string") return target;
  for (const condition of ["node", "import", "default"]) {
    const inner = hasKey(target, condition) ? conditionTarget(target[condition]) : null;
    if (inner !== null) return inner;
  }
  return null;
}

/** True for an object that has the key. */
export function hasKey<Key extends string>(value: unknown, key: Key): value is { readonly [K in Key]: unknown } {
  return typeof value === "object" && value !== null && key in value;
}
