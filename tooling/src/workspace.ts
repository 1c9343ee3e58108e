import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the checks read of a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** One package of the workspace. */
export interface WorkspacePackage {
  /** Relative to the root, e.g. `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The folder of the whole repository, absolute. */
export const repositoryRoot: string = fileURLToPath(new URL("../..", import.meta.url));

/** Folders that hold one package each, and the packages that stand alone. */
const packageFolders = ["packages", "sources", "destinations", "examples"] as const;
const singlePackages = ["tooling"] as const;

/** Reads every package of the workspace, sorted by folder. */
export function readWorkspace(root: string = repositoryRoot): readonly WorkspacePackage[] {
  const folders = packageFolders
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) => readdirSync(join(root, parent)).map((child) => `${parent}/${child}`));
  return [...folders, ...singlePackages]
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .sort()
    .map((folder) => ({ folder, manifest: readManifest(join(root, folder, "package.json")) }));
}

/** Packages that go to the registry. */
export function publishedPackages(root: string = repositoryRoot): readonly WorkspacePackage[] {
  return readWorkspace(root).filter(({ manifest }) => manifest.private !== true);
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}
