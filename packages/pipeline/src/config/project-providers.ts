import type { PipelineRuntime } from "../runtime.js";
import type { ConfigPath, ConfigProvider } from "./config-provider.js";
import { environmentProvider } from "./environment-provider.js";
import { tomlProvider } from "./toml-provider.js";

/** The places of a project in the order in which they are searched: environment, `secrets.toml`, `config.toml`. */
export function projectProviders(
  env: PipelineRuntime["env"],
  files: { readonly settingsDir: string; readonly globalDir: string; readonly profile: string | null },
): readonly ConfigProvider[] {
  const folders = [files.settingsDir, files.globalDir];
  const { profile } = files;
  return [
    environmentProvider({ env }),
    tomlProvider({ fileName: "secrets.toml", holdsSecrets: true, folders, profile }),
    tomlProvider({ fileName: "config.toml", holdsSecrets: false, folders, profile }),
  ];
}

/** The value at exactly this path in the first place that has it; `undefined` when none has. */
export function exactValueOf(providers: readonly ConfigProvider[], path: ConfigPath): unknown {
  for (const provider of providers) {
    const value = provider.find(path, { secret: false, nested: false });
    if (value !== undefined) return value;
  }
  return undefined;
}
