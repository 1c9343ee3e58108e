import type { DataType, JsonNormalizerConfig, Rule, Schema, SchemaContract } from "../contract/index.js";
import type { DetectorName } from "../values/detect-type.js";
import { mergeHints, normalizeRules } from "./normalizer-settings.js";
import { canonicalRule, normalizeRule, verifyRule } from "./rules.js";
import { detectorName } from "./settings.js";

/** Adds default hints: lists that are there are extended by the rules they lack. */
export function addDefaultHints(schema: Schema, hints: Readonly<Record<string, readonly Rule[]>>): Schema {
  for (const rule of Object.values(hints).flat()) verifyRule(rule);
  const normalized = Object.fromEntries(
    Object.entries(hints).map(([hint, rules]) => [hint, normalizeRules(rules, schema.naming)]),
  );
  const defaultHints = mergeHints(schema.settings.defaultHints ?? {}, normalized);
  return { ...schema, settings: { ...schema.settings, defaultHints } };
}

/** Sets data types for columns by rule, in place where a rule is there in any form; the first rule that matches counts. */
export function setPreferredTypes(schema: Schema, types: Readonly<Record<Rule, DataType>>): Schema {
  for (const rule of Object.keys(types)) verifyRule(rule);
  const known = schema.settings.preferredTypes ?? {};
  const forms = new Map(Object.keys(known).map((rule) => [canonicalRule(rule), rule]));
  const changed = Object.entries(types).map(([given, type]) => {
    const rule = normalizeRule(given, schema.naming);
    return [forms.get(canonicalRule(rule)) ?? rule, type];
  });
  const preferredTypes = { ...known, ...Object.fromEntries(changed) };
  return { ...schema, settings: { ...schema.settings, preferredTypes } };
}

/**
 * Sets the ways in which data types are found beside the types of the values, in order.
 *
 * @throws SchemaError for an unknown one
 */
export function setDetections(schema: Schema, detections: readonly DetectorName[]): Schema {
  return {
    ...schema,
    settings: { ...schema.settings, detections: detections.map((name) => detectorName(schema, name)) },
  };
}

/** Sets the contract of all tables that have none of their own; `null` removes it. */
export function setSchemaContract(schema: Schema, contract: SchemaContract | null): Schema {
  if (contract !== null) return { ...schema, settings: { ...schema.settings, schemaContract: contract } };
  const { schemaContract: _, ...settings } = schema.settings;
  return { ...schema, settings };
}

/** Sets values of the normalizer's configuration; `null` removes one. Without any there is no configuration, as in a new schema. */
export function setNormalizerConfig(schema: Schema, values: Partial<JsonNormalizerConfig>): Schema {
  const { config, ...json } = schema.normalizers.json;
  const entries = Object.entries({ ...config, ...values }).filter(([, value]) => value !== null);
  const normalizer = entries.length === 0 ? json : { ...json, config: Object.fromEntries(entries) };
  return { ...schema, normalizers: { ...schema.normalizers, json: normalizer } };
}
