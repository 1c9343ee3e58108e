import { isAbsolute, join } from "node:path";
import { invalidCredentials } from "./invalid-credentials.js";

export interface PathOptions {
  /** Folder that relative paths start from. */
  readonly localDir: string;
  /** Folder of what the pipeline keeps for itself, which `:pipeline:` stands for. */
  readonly workingDir?: string | undefined;
  /** Name of the file, without its extension, when the credentials name none. */
  readonly defaultName: string;
}

/**
 * Absolute path of the file.
 * @throws ConfigError `DESTINATION_CREDENTIALS_INVALID`
 */
export function databasePath(database: string | undefined, { localDir, workingDir, defaultName }: PathOptions): string {
  const defaultFile = `${defaultName}.duckdb`;
  if (database === ":pipeline:") {
    if (workingDir === undefined) throw invalidCredentials("ask for `:pipeline:`, and there is no working folder here");
    return join(workingDir, defaultFile);
  }
  const path = database ?? defaultFile;
  return isAbsolute(path) ? path : join(localDir, path);
}
