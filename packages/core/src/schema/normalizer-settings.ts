import type {
  JsonNormalizer,
  JsonNormalizerConfig,
  NamingConvention,
  PropagatedColumns,
  Rule,
  SchemaSettings,
  SystemNames,
} from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { ownMember } from "../values/own-member.js";
import { addRules, normalizeRule } from "./rules.js";

/** The normalizer of a schema that names none. */
export const relationalNormalizer = "dlt.common.normalizers.json.relational";

/** Ways to make tables of JSON, by the path under which documents know them. */
const normalizerModules: readonly string[] = [
  relationalNormalizer,
  "dlt.common.normalizers.json.relational_no_coercion",
];

/**
 * Completes the short name of a normalizer to its path.
 *
 * @throws SchemaError for one that does not exist here
 */
export function knownNormalizer(json: JsonNormalizer): JsonNormalizer {
  const module = json.module.includes(".") ? json.module : `dlt.common.normalizers.json.${json.module}`;
  if (!normalizerModules.includes(module)) {
    throw new SchemaError(
      "SCHEMA_NORMALIZER_UNKNOWN",
      `The schema asks for the normalizer \`${json.module}\`, which does not exist here.`,
      {
        hint: "Use `relational` or `relational_no_coercion`.",
        context: { normalizer: json.module },
      },
    );
  }
  return module === json.module ? json : { ...json, module };
}

/** Applies a naming convention to the columns that the normalizer's configuration names. */
export function normalizeJsonConfig(config: JsonNormalizerConfig, naming: NamingConvention): JsonNormalizerConfig {
  const { propagation } = config;
  if (!propagation) return config;
  const normalize = (columns: PropagatedColumns): PropagatedColumns =>
    Object.fromEntries(
      Object.entries(columns).map(([from, to]) => [naming.normalizePath(from), naming.normalizePath(to)]),
    );
  const { root, tables } = propagation;
  return {
    ...config,
    propagation: {
      ...propagation,
      ...(root && { root: normalize(root) }),
      ...(tables && {
        tables: Object.fromEntries(Object.entries(tables).map(([table, columns]) => [table, normalize(columns)])),
      }),
    },
  };
}

/** Settings with rules for columns normalized, and the default hints of the system columns among them. */
export function normalizeSettings(
  settings: SchemaSettings,
  naming: NamingConvention,
  system: SystemNames,
): SchemaSettings {
  const { defaultHints, preferredTypes } = settings;
  const normalized = Object.entries(defaultHints ?? {}).map(
    ([hint, rules]) => [hint, normalizeRules(rules, naming)] as const,
  );
  return {
    ...settings,
    defaultHints: mergeHints(Object.fromEntries(normalized), systemHints(system)),
    ...(preferredTypes && {
      preferredTypes: Object.fromEntries(
        Object.entries(preferredTypes).map(([rule, type]) => [normalizeRule(rule, naming), type]),
      ),
    }),
  };
}

export function normalizeRules(rules: readonly Rule[], naming: NamingConvention): readonly Rule[] {
  return rules.map((rule) => normalizeRule(rule, naming));
}

/** Adds the rules of `added` to the lists of default hints that are there; the other lists are taken over as they are. */
export function mergeHints(
  hints: NonNullable<SchemaSettings["defaultHints"]>,
  added: NonNullable<SchemaSettings["defaultHints"]>,
): NonNullable<SchemaSettings["defaultHints"]> {
  const merged = Object.entries(added).map(([hint, rules]) => {
    const known = ownMember(hints, hint);
    return [hint, known === undefined ? rules : addRules(known, rules)] as const;
  });
  return { ...hints, ...Object.fromEntries(merged) };
}

function systemHints(system: SystemNames): Readonly<Record<string, readonly Rule[]>> {
  return {
    notNull: [system.id, system.rootId, system.parentId, system.listIdx, system.loadId],
    parentKey: [system.parentId],
    rootKey: [system.rootId],
    unique: [system.id],
    rowKey: [system.id],
  };
}
