import type { PipelineRuntime } from "../runtime.js";
import type { ConfigPath, ConfigProvider } from "./config-provider.js";
import { environmentProvider } from "./environment-provider.js";
import { tomlProvider } from "./toml-provider.js";
import { writtenSettings } from "./written-settings.js";

/** The places of a project in the order in which they are searched: environment, `secrets.toml`, `config.toml`. */
export function projectProviders(
  env: PipelineRuntime["env"],
  files: { readonly settingsDir: string; readonly globalDir: string; readonly profile: string | null },
): readonly ConfigProvider[] {
  // They are the same where the project is the home folder.
  const folders = [...new Set([files.settingsDir, files.globalDir])];
  const { profile } = files;
  const file = (fileName: "secrets.toml" | "config.toml"): ConfigProvider =>
    tomlProvider({
      fileName,
      holdsSecrets: fileName === "secrets.toml",
      folders,
      profile,
      written: () => writtenSettings(fileName),
    });
  return [environmentProvider({ env }), file("secrets.toml"), file("config.toml")];
}

/** The value at exactly this path in the first place that has it; `undefined` when none has. */
export function exactValueOf(providers: readonly ConfigProvider[], path: ConfigPath): unknown {
  for (const provider of providers) {
    const value = provider.find(path, { secret: false, nested: false });
    if (value !== undefined) return value;
  }
  return undefined;
}
