import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { PipelineRuntime } from "../runtime.js";
import type { ConfigProvider } from "./config-provider.js";
import { warnOfNamedSecrets, warnOfOtherVaults, warnOfSections } from "./config-warnings.js";
import { projectProviders } from "./project-providers.js";
import { registeredProviders } from "./registered-providers.js";
import { type RunContext, runContext } from "./run-context.js";

/** The places that settings come from, first to last, and for whom they are looked up. */
export interface ConfigContext {
  readonly providers: readonly ConfigProvider[];
  /** Keys below the name of the pipeline win over all others; `null`: there is no pipeline. */
  readonly pipelineName: string | null;
  /** The profile of a workspace, otherwise `null`. */
  readonly profile: string | null;
  /** Settings beside the main script, which are not read because the program was started in another folder. */
  readonly otherSettingsDir?: string;
  /** Told of each setting that was given or found. */
  readonly onResolved?: (setting: ResolvedSetting) => void;
  /** Told of each secret that was given or found, as what the code gets: a `Secret`, or what a field made of it. */
  readonly onSecret?: (value: unknown) => void;
}

/** A setting for the trace of a run: what it is and where it came from. */
export interface ResolvedSetting {
  /** Whose setting it is, e.g. ``Source `github` ``. */
  readonly owner: string;
  /** In snake_case. */
  readonly key: string;
  readonly sections: readonly string[];
  /** Name of the provider; `ExplicitValues` for what was given in code. */
  readonly providerName: string;
  readonly isSecret: boolean;
  /** Both `null` for a secret. */
  readonly value: unknown;
  readonly defaultValue: unknown;
}

export interface LoadConfigOptions {
  readonly pipelineName?: string;
  readonly onResolved?: (setting: ResolvedSetting) => void;
  readonly onSecret?: (value: unknown) => void;
}

/**
 * Reads the configuration once: environment, `secrets.toml`, `config.toml`, of the project before those of the user.
 * @throws ConfigError `CONFIG_FILE_INVALID`
 */
export function loadConfig(
  runtime: Pick<PipelineRuntime, "env" | "cwd">,
  options: LoadConfigOptions = {},
): ConfigContext {
  const context = runContext(runtime);
  const otherSettingsDir = settingsOfScript(context);
  const places = projectProviders(runtime.env, context);
  const config: ConfigContext = {
    // Those that are added later count, too.
    get providers() {
      return [...places, ...registeredProviders()];
    },
    pipelineName: options.pipelineName ?? null,
    profile: context.profile,
    ...(otherSettingsDir !== null && { otherSettingsDir }),
    ...(options.onResolved && { onResolved: options.onResolved }),
    ...(options.onSecret && { onSecret: options.onSecret }),
  };
  warnOfSections(config);
  warnOfNamedSecrets(config);
  warnOfOtherVaults(config);
  return config;
}

function settingsOfScript({ settingsDir }: RunContext): string | null {
  const [, script] = process.argv;
  if (script === undefined || existsSync(settingsDir)) return null;
  const beside = join(dirname(script), basename(settingsDir));
  return beside !== settingsDir && existsSync(beside) ? beside : null;
}
