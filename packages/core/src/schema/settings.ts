import type { ColumnSchema, DataType, Rule, Schema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { type DetectorName, detectors } from "../values/detect-type.js";
import { compileRule, compileRules } from "./rules.js";

/** What the settings of a schema say of new columns, ready to be asked often. Column names are normalized. */
export interface CompiledSettings {
  isNotNull(column: string): boolean;
  /** Names of the hints that match a column, in the order of the settings. */
  matching(column: string): readonly string[];
  /**
   * Hints of the column with what they say.
   *
   * @throws SchemaError where `dedupSort` matches, which cannot be a default
   */
  hintsOf(column: string): Partial<ColumnSchema>;
  /** The data type that wins over detections and the type of the value. */
  preferredType(column: string): DataType | undefined;
  /** The same with the rule that matches. */
  preferredRule(column: string): { readonly rule: Rule; readonly dataType: DataType } | undefined;
  /** Tried in order; the first that says something counts. */
  readonly detections: readonly DetectorName[];
}

/**
 * @throws SchemaError for an invalid rule or an unknown detection
 */
export function compileSettings(schema: Schema): CompiledSettings {
  const { notNull = [], ...defaultHints } = schema.settings.defaultHints ?? {};
  const isNotNull = compileRules(notNull);
  const hints = Object.entries(defaultHints)
    .filter(([, rules]) => rules.length > 0)
    .map(([hint, rules]: [string, readonly Rule[]]) => [hint, compileRules(rules)] as const);
  const types = Object.entries(schema.settings.preferredTypes ?? {}).map(([rule, dataType]) => ({
    matches: compileRule(rule),
    rule,
    dataType,
  }));
  const preferredRule = (column: string) => types.find(({ matches }) => matches(column));
  const matching = (column: string) => hints.filter(([, matches]) => matches(column)).map(([hint]) => hint);
  return {
    isNotNull,
    matching,
    hintsOf(column) {
      // A nullable column is the default.
      const names = matching(column).filter((hint) => hint !== "nullable");
      if (names.includes("dedupSort")) throw noDirection(schema, column);
      return Object.fromEntries(names.map((hint) => [hint, true]));
    },
    preferredType: (column) => preferredRule(column)?.dataType,
    preferredRule,
    detections: (schema.settings.detections ?? schema.normalizers.detections ?? []).map((name) =>
      detectorName(schema, name),
    ),
  };
}

/**
 * @throws SchemaError for an unknown detection
 */
export function detectorName(schema: Schema, name: string): DetectorName {
  if (!isDetectorName(name)) {
    throw new SchemaError(
      "SCHEMA_SETTINGS_INVALID",
      `Schema \`${schema.name}\` asks for the detection \`${name}\`, which does not exist.`,
      {
        hint: `Use any of: ${Object.keys(detectors).join(", ")}.`,
        context: { schema: schema.name, setting: "detections", detection: name },
      },
    );
  }
  return name;
}

function isDetectorName(name: string): name is DetectorName {
  return Object.hasOwn(detectors, name);
}

function noDirection(schema: Schema, column: string): SchemaError {
  return new SchemaError(
    "SCHEMA_SETTINGS_INVALID",
    `The default hints of schema \`${schema.name}\` make \`${column}\` a \`dedupSort\` column, but cannot say in which direction.`,
    {
      hint: "Declare `dedupSort` on the column, as `asc` or `desc`, and remove it from the default hints.",
      context: { schema: schema.name, setting: "defaultHints", hint: "dedupSort", column },
    },
  );
}
