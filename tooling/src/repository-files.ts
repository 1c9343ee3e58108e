import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./workspace.js";

/**
 * Files of the repository, relative to its root. Those that are not committed yet count too, so that a mistake shows before the commit.
 * @param patterns of Git, e.g. `*.md`; none: all files
 */
export function repositoryFiles(...patterns: readonly string[]): readonly string[] {
  const listing = ["-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const options = { cwd: repositoryRoot, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 } as const;
  return execFileSync("git", [...listing, ...patterns], options)
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(repositoryRoot, file)));
}

/** Sources of packages that go to users, without their tests and what tests of others are made of. */
export function shippedSources(): readonly string[] {
  return repositoryFiles("*.ts")
    .filter((file) => /^(packages|sources|destinations)\/[^/]+\/src\//.test(file))
    .filter((file) => !/\.test(-d)?\.ts$|^packages\/testing\//.test(file));
}
