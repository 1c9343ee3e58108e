import { readFileSync } from "node:fs";
import { managerCommands, type PackageManager } from "./package-manager.js";

/** Names in templates, with those that stand in their place in what is made. */
export type Names = readonly (readonly [name: string, replacement: string])[];

/**
 * A file of `templates/`, with other names, and the commands of a package manager in the place of those of npm. Templates are programs and
 * pages that hold as they are: they are compiled and tested like all sources, with which they are published.
 */
export function fromTemplate(path: string, names: Names, manager: PackageManager): string {
  // From `dist/` as from here.
  const text = readFileSync(new URL(`../src/templates/${path}`, import.meta.url), "utf8");
  return replaced(replaced(text, names), commandsOf(manager));
}

/** All at once, because a new name may have an old one in it; of two that begin at the same place the first counts. */
function replaced(text: string, names: Names): string {
  const found = new Map(names);
  const anyOf = new RegExp(names.map(([name]) => name).join("|"), "g");
  return text.replaceAll(anyOf, (name) => found.get(name) ?? name);
}

function commandsOf(manager: PackageManager): Names {
  const { install, add, exec, run, pack } = managerCommands[manager];
  return [
    ["npm install @", `${add} @`],
    ["npm install dlt-", `${add} dlt-`],
    ["npm install", install],
    ["npm start", run("start")],
    ["npm test", run("test")],
    ["npm run typecheck", run("typecheck")],
    ["npm run build", run("build")],
    ["npm run check", run("check")],
    ["npm pack", pack],
    ["npx ", exec("")],
  ];
}
