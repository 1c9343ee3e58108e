import { expect } from "vitest";
import type { DataType } from "../../../src/contract/index.js";
import { namingConvention } from "../../../src/naming/naming-convention.js";
import { addDefaultHints, setPreferredTypes } from "../../../src/schema/change-settings.js";
import { newSchema } from "../../../src/schema/new-schema.js";
import { canonicalRule, compileRule, normalizeRule, verifyRule } from "../../../src/schema/rules.js";
import { isSchemaName, normalizeSchemaName } from "../../../src/schema/schema-name.js";
import { compileSettings } from "../../../src/schema/settings.js";
import { testVectors } from "../read-vectors.js";
import { outcome } from "./stored-form.js";

interface RuleCase {
  readonly rule: string;
  readonly valid: true | { readonly error: string };
  readonly canonical: string;
  readonly normalized: string;
  readonly matches: readonly string[] | { readonly error: string };
  readonly names: readonly string[];
}

testVectors<RuleCase>("rules", ({ rule, valid, canonical, normalized, matches, names }) => {
  expect(outcome(() => verifyRule(rule) ?? true)).toEqual(valid);
  expect(canonicalRule(rule)).toBe(canonical);
  expect(normalizeRule(rule, namingConvention("snake_case", null))).toBe(normalized);
  if (Array.isArray(matches)) expect(names.filter(compileRule(rule))).toEqual(matches);
  else expect(outcome(() => compileRule(rule))).toEqual({ error: "DictValidationException" });
});

interface HintsCase {
  readonly hints: Readonly<Record<string, readonly string[]>>;
  readonly preferred_types: Readonly<Record<string, DataType>>;
  readonly column: string;
  readonly matched: readonly string[];
  readonly preferred: DataType | null;
}

testVectors<HintsCase>("hints", ({ hints, preferred_types, column, matched, preferred }) => {
  const inMemory = Object.fromEntries(Object.entries(hints).map(([hint, rules]) => [camelCase(hint), rules]));
  const settings = compileSettings(setPreferredTypes(addDefaultHints(newSchema("s"), inMemory), preferred_types));
  const found = [...(settings.isNotNull(column) ? ["notNull"] : []), ...settings.matching(column)];
  expect(found).toEqual(matched.map(camelCase));
  expect(settings.preferredType(column) ?? null).toBe(preferred);
});

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

interface NameCase {
  readonly name: string;
  readonly valid: boolean;
  readonly normalized: unknown;
}

testVectors<NameCase>("schema-names", ({ name, valid, normalized }) => {
  expect(isSchemaName(name)).toBe(valid);
  expect(outcome(() => normalizeSchemaName(name))).toEqual(normalized);
});
