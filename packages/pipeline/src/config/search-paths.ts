import type { ConfigPath } from "./config-provider.js";

export interface SearchScope {
  /** Where the owner's settings are, e.g. `["sources", "github", "issues"]`. */
  readonly sections: readonly string[];
  /** Other sections that are searched before all of these, and none around them. */
  readonly first?: readonly string[];
  /** A section that every path ends with, e.g. `extract`. */
  readonly fixedSection?: string;
  /** Names of the fields that hold the one looked for, from the outside in, e.g. `["credentials"]`. */
  readonly fields?: readonly string[];
}

/**
 * The sections in which a key is looked up, most specific first. Sections are left out from the inside to the outside,
 * except for the one that is fixed: that of the innermost field, or else `fixedSection`.
 *
 * `["sources", "notion", "databases"]` gives `sources.notion.databases`, `sources.notion`, `sources.databases` (the
 * module may be left out), `sources`, and the root.
 */
export function searchPaths({ sections, first, fixedSection, fields = [] }: SearchScope): readonly ConfigPath[] {
  const innermost = fields.at(-1);
  const fixed = innermost === undefined || innermost.startsWith("_") ? fixedSection : innermost;
  const end = fixed === undefined ? [] : [fixed];
  const outer = fields.slice(0, -1).filter((field) => !field.startsWith("_"));
  const walk = [...sections, ...outer];
  const paths: ConfigPath[] = [];
  for (let length = walk.length; length >= 0; length--) paths.push([...walk.slice(0, length), ...end]);
  const [top, module, name] = sections;
  if (top !== undefined && compactTops.includes(top) && name !== undefined && module !== name) {
    const compact = [top, name, ...outer, ...end];
    if (!paths.some((path) => path.join("\0") === compact.join("\0"))) paths.splice(2, 0, compact);
  }
  return first === undefined ? paths : [[...first, ...outer, ...end], ...paths];
}

/** Sections whose second part is a module that may be left out. */
const compactTops = ["sources", "jobs"];
