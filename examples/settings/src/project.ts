import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is set, and the code that runs there. */
export interface Settings {
  readonly variables?: Readonly<Record<string, string>>;
  /** Content of `.dlt/secrets.toml` and `.dlt/config.toml`. */
  readonly secrets?: string;
  readonly config?: string;
}

/** Runs code in an empty project with these settings. Gives the paths of all files that are there afterwards. */
export async function inProject(settings: Settings, run: () => Promise<void>): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-settings-"));
  const before = { ...process.env };
  try {
    await mkdir(join(folder, ".dlt"));
    if (settings.secrets !== undefined) await writeFile(join(folder, ".dlt", "secrets.toml"), settings.secrets);
    if (settings.config !== undefined) await writeFile(join(folder, ".dlt", "config.toml"), settings.config);
    const folders = { DLT_PROJECT_DIR: folder, DLT_LOCAL_DIR: folder, DLT_DATA_DIR: join(folder, "data") };
    Object.assign(process.env, folders, settings.variables);
    await run();
    return await readdir(folder, { recursive: true });
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    await rm(folder, { recursive: true, force: true });
  }
}
