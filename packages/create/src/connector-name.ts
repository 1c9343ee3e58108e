import { nameProblem } from "./package-name.js";

export const connectorKinds = ["source", "destination"] as const;

export type ConnectorKind = (typeof connectorKinds)[number];

/** A connector by all its names. */
export interface ConnectorName {
  /** `dlt-destination-json-folder`, `@acme/json-folder` */
  readonly packageName: string;
  /** Name of its files, and of the package without prefix and scope: `json-folder`. */
  readonly file: string;
  /** Section of its settings, and the name of a destination in programs: `json_folder`. */
  readonly name: string;
  /** Its export: `jsonFolder`. */
  readonly identifier: string;
}

/** Beginning of the names of packages outside of a scope. Destinations are found by it. */
export function packagePrefix(kind: ConnectorKind): string {
  return `dlt-${kind}-`;
}

/** The names of a connector that are in that of its package, or what is wrong with that one. */
export function connectorName(kind: ConnectorKind, packageName: string): ConnectorName | { readonly problem: string } {
  const problem = nameProblem(packageName);
  if (problem !== null) return { problem };
  const prefix = packagePrefix(kind);
  const isScoped = packageName.startsWith("@");
  if (!isScoped && !packageName.startsWith(prefix)) return { problem: `it does not begin with \`${prefix}\`` };
  const stem = packageName.replace(/^@[^/]+\//, "").replace(new RegExp(`^${prefix}`), "");
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(stem))
    return {
      problem: `\`${stem}\`, the name of the connector, is not of words of letters and digits with \`-\` between them`,
    };
  const identifier = stem.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  if (takenIdentifiers.has(identifier)) return { problem: `\`${identifier}\` means something else in programs` };
  return { packageName, file: stem, name: stem.replaceAll("-", "_"), identifier };
}

/** Words of the language, and what connectors import. */
const takenIdentifiers: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete destination do else enum eval export extends false
  finally for function if implements import in incremental index interface join let new null package pipeline private protected public
  resolve resource return secret setting source static super switch test this throw true try typeof undefined var void while with
  yield`.split(/\s+/),
);
