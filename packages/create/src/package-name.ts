import { builtinModules } from "node:module";

/** Why npm refuses a name for a new package; `null`: it does not. */
export function nameProblem(name: string): string | null {
  if (name === "") return "it is empty";
  if (name.length > 214) return "it is longer than 214 characters";
  if (name !== name.toLowerCase()) return "it has capital letters";
  const parts = name.startsWith("@") ? name.slice(1).split("/") : [name];
  if (name.startsWith("@") && parts.length !== 2) return "behind the scope there is no name";
  if (parts.some((part) => !/^[a-z0-9._-]+$/.test(part)))
    return "it has characters other than letters, digits, `-`, `.` and `_`";
  if (parts.some((part) => /^[._-]/.test(part))) return "it begins with `.`, `_` or `-`";
  if (name === "node_modules" || builtinModules.includes(name)) return "Node has a module of this name";
  return null;
}

/** The nearest valid name. */
export function suggestedName(text: string, fallback: string): string {
  const [, scope, rest] = /^@([^/]+)\/(.*)$/.exec(text) ?? [null, null, text];
  const name = plain(rest ?? "");
  const scoped = plain(scope ?? "");
  const suggestion = scoped === "" || name === "" ? name : `@${scoped}/${name}`;
  if (suggestion === "") return fallback;
  return nameProblem(suggestion) === null ? suggestion : `my-${suggestion}`.slice(0, 214);
}

function plain(text: string): string {
  const letters = text
    .normalize("NFKD")
    .replaceAll(/\p{Mark}/gu, "")
    .toLowerCase();
  return letters.replaceAll(/[^a-z0-9._-]+/g, "-").replaceAll(/^[._-]+|[._-]+$/g, "");
}

/** `@acme/my-shop` → `my_shop`: a name for a pipeline, at most 64 characters. */
export function pipelineNameOf(packageName: string): string {
  const words = packageName
    .replace(/^@[^/]+\//, "")
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");
  return (/^[a-z]/.test(words) ? words : `load_${words}`).slice(0, 64).replace(/_$/, "");
}
