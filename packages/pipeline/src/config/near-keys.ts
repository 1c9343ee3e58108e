import { editDistance } from "@dlt/core/engine";
import type { ConfigPath, ConfigProvider } from "./config-provider.js";
import { searchPaths } from "./search-paths.js";
import { type SettingScope, settingKey } from "./setting-search.js";

/** A key that nothing reads and that looks like a setting without a value. */
export interface NearKey {
  /** As it stands there. */
  readonly key: string;
  readonly provider: ConfigProvider;
  /** As it would be read. */
  readonly meant: string;
}

/** Fields of a spec that no value was given or found for. */
export interface UnsetFields {
  readonly scope: SettingScope;
  readonly names: readonly string[];
  /** Keys of all fields of the spec. */
  readonly known: ReadonlySet<string>;
}

/** Keys, in the sections of an owner, that look like one of its fields mistyped. Sections that others share are left alone. */
export function nearKeys({ scope, names, known }: UnsetFields): readonly NearKey[] {
  const { pipelineName, providers } = scope.config;
  const own = searchPaths(scope).filter((path) => isOwn(path, scope));
  const sections = pipelineName === null ? own : [...own.map((path) => [pipelineName, ...path]), ...own];
  const wanted = names.map(settingKey);
  return providers.flatMap((provider) =>
    sections.flatMap((path) =>
      provider.keysAt(path).flatMap((key) => {
        const meant = known.has(key) ? undefined : wanted.find((each) => isNear(key, each));
        if (meant === undefined) return [];
        return [{ key: provider.keyOf([...path, key]), provider, meant: provider.keyOf([...path, meant]) }];
      }),
    ),
  );
}

function isOwn(path: ConfigPath, { sections, fixedSection }: SettingScope): boolean {
  if (path.length >= 2) return true;
  return path.length === 1 && (path[0] === fixedSection || (sections.length === 1 && path[0] === sections[0]));
}

/** The one with few characters changed, or with other signs between its words: `apiKey` for `api_key`. */
function isNear(key: string, wanted: string): boolean {
  if (key === wanted) return false;
  if (bare(key) === bare(wanted)) return true;
  const most = wanted.length < 5 ? 0 : wanted.length < 9 ? 1 : 2;
  return Math.abs(key.length - wanted.length) <= most && editDistance(key, wanted) <= most;
}

function bare(key: string): string {
  return key.replaceAll(/[-_]/g, "").toLowerCase();
}

/** Sections that stand at the top. */
const topSections = [
  "sources",
  "destination",
  "pipelines",
  "extract",
  "normalize",
  "load",
  "data_writer",
  "schema",
  "runtime",
  "providers",
  "workspace",
] as const;

/** Others that Python dlt reads. */
const otherSections: ReadonlySet<string> = new Set([
  "datasets",
  "dbt_package_runner",
  "dbt_cloud",
  "dashboard",
  "jobs",
  "iceberg_catalog",
]);

/** Sections at the top that nothing reads and that look like one that is read: `source`, `destinations`. */
export function nearSections(provider: ConfigProvider, pipelineName: string | null): readonly NearKey[] {
  return provider.keysAt([]).flatMap((key) => {
    if (key === pipelineName || otherSections.has(key) || topSections.some((section) => section === key)) return [];
    const section = topSections.find((wanted) => isNear(key, wanted));
    if (section === undefined || provider.keysAt([key]).length === 0) return [];
    return [{ key: provider.keyOf([key]), provider, meant: provider.keyOf([section]) }];
  });
}
