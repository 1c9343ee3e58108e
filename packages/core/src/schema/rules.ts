import type { NamingConvention, Rule } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { compilePythonRegex } from "./python-regex.js";

const regexPrefix = "re:";

/** Compiles a rule: an exact name, or `re:` and a regular expression that is looked for anywhere in the name. */
export function compileRule(rule: Rule): (name: string) => boolean {
  if (!rule.startsWith(regexPrefix)) return (name) => name === rule;
  const expression = compilePythonRegex(rule.slice(regexPrefix.length));
  return (name) => expression.test(name);
}

/** Compiles rules of which one has to match. Exact names are looked up, not tried one by one. */
export function compileRules(rules: readonly Rule[]): (name: string) => boolean {
  const names = new Set(rules.filter((rule) => !rule.startsWith(regexPrefix)));
  const expressions = rules.filter((rule) => rule.startsWith(regexPrefix)).map(compileRule);
  return (name) => names.has(name) || expressions.some((matches) => matches(name));
}

/**
 * Checks a rule that a person wrote.
 *
 * @throws SchemaError for an invalid regular expression, or one that lacks its prefix
 */
export function verifyRule(rule: Rule): void {
  if (rule.startsWith(regexPrefix)) {
    compilePythonRegex(rule.slice(regexPrefix.length));
    return;
  }
  if (/^[^A-Za-z0-9_]/.test(rule)) {
    throw new SchemaError(
      "SCHEMA_RULE_INVALID",
      `The rule \`${rule}\` is an exact name, but starts with a character that names do not have.`,
      {
        hint: "Put `re:` before a regular expression.",
        context: { rule },
      },
    );
  }
}

/** The form that tells whether two rules are the same: `re:^name$` is the exact name. */
export function canonicalRule(rule: Rule): string {
  return rule.startsWith(regexPrefix) ? rule : `${regexPrefix}^${rule}$`;
}

/**
 * Applies a naming convention to a rule for columns, if its text is a plain name. Regular expressions stay as they are.
 */
export function normalizeRule(rule: Rule, naming: NamingConvention): Rule {
  const prefix = rule.startsWith(regexPrefix) ? regexPrefix : "";
  const text = rule.slice(prefix.length);
  const isAnchored = text.length >= 2 && text.startsWith("^") && text.endsWith("$");
  const name = isAnchored ? text.slice(1, -1) : text;
  // Characters that a regular expression or its verbose form gives a meaning to.
  if (/[()[\]{}?*+\-|^$\\.&~#\s]/.test(name)) return rule;
  const normalized = name === "" ? "" : naming.normalizePath(name);
  return `${prefix}${isAnchored ? `^${normalized}$` : normalized}`;
}

/** Adds rules that a list does not have yet. The same list when there are none. */
export function addRules(rules: readonly Rule[], added: readonly Rule[]): readonly Rule[] {
  const known = new Set(rules.map(canonicalRule));
  const missing = added.filter((rule) => {
    const canonical = canonicalRule(rule);
    if (known.has(canonical)) return false;
    known.add(canonical);
    return true;
  });
  return missing.length === 0 ? rules : [...rules, ...missing];
}
