import { expect } from "vitest";
import { namingConvention } from "../../src/naming/naming-convention.js";
import { nameTag } from "../../src/naming/shorten.js";
import { testVectors } from "./read-vectors.js";
import { isExpectedError } from "./typed-value.js";

interface NamingCase {
  readonly convention: string;
  readonly max_length: number | null;
  readonly case_sensitive: boolean;
  readonly separator: string;
  readonly effective_max_length: number | null;
  readonly text_form: string;
  readonly function: string;
  readonly pairs: readonly (readonly [input: unknown, result: unknown])[];
}

testVectors<NamingCase>("naming", (vector) => {
  const naming = namingConvention(vector.convention, vector.max_length);
  const { name, caseSensitive, separator, maxLength } = naming;
  expect({ caseSensitive, separator, maxLength }).toEqual({
    caseSensitive: vector.case_sensitive,
    separator: vector.separator,
    maxLength: vector.effective_max_length,
  });
  expect(`${name}_${caseSensitive ? "cs" : "ci"}${maxLength === null ? "" : `_${maxLength}`}`).toBe(vector.text_form);

  const functions: Readonly<Record<string, (input: never) => unknown>> = {
    normalize_identifier: naming.normalizeIdentifier,
    normalize_table_identifier: naming.normalizeTableIdentifier,
    normalize_path: naming.normalizePath,
    normalize_tables_path: naming.normalizeTablesPath,
    break_path: naming.breakPath,
    make_path: (components: readonly string[]) => naming.makePath(...components),
    // No fragments give no name, which is the empty one here.
    shorten_fragments: (fragments: readonly string[]) =>
      naming.shortenFragments(...fragments) || (fragments.length === 0 ? null : ""),
  };
  const run = functions[vector.function];
  if (run === undefined) throw new Error(`unknown function ${vector.function}`);
  for (const [input, result] of vector.pairs) {
    if (isExpectedError(result))
      expect(() => run(input as never), JSON.stringify(input)).toThrow("empty or white space");
    else expect(run(input as never), JSON.stringify(input)).toEqual(result);
  }
});

testVectors<readonly [text: string, tag: string]>("naming-tags", ([text, tag]) => {
  expect(nameTag(text)).toBe(tag);
});
