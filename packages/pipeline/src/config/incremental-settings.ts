import type { ConfigField, ConfigGroup, ConfigSpec, IncrementalChange, IncrementalDefinition } from "@dlt/core";
import { readers } from "@dlt/core/engine";
import type { ConfigContext } from "./config-context.js";
import { cursorValueReader } from "./cursor-values.js";
import { resolveConfig } from "./resolve-config.js";
import { booleanSetting, choiceSetting, numberSetting, textSetting } from "./setting-kinds.js";

/** Whose cursor is looked up. */
export interface IncrementalScope {
  readonly config: ConfigContext;
  /** Section and name of the source. */
  readonly source: { readonly section: string; readonly name: string };
  readonly resource: { readonly name: string; readonly section?: string };
  /** What the code says, if it says anything: its values tell of which type those of the configuration are. */
  readonly declared: IncrementalDefinition | undefined;
}

const kindSpec = {
  cursorPath: textSetting({ default: undefined, doc: "Field of the rows, or a JSONPath." }),
  cursorType: choiceSetting({
    choices: ["timestamp", "date", "double", "bigint"],
    default: undefined,
    doc: "Type of the values. Default: that of the initial value in code.",
  }),
} as const satisfies ConfigSpec;

const optionSpec = {
  rowOrder: choiceSetting({ choices: ["asc", "desc"], default: undefined, doc: "In which order the rows come." }),
  onCursorValueMissing: choiceSetting({
    choices: ["raise", "include", "exclude"],
    default: undefined,
    doc: "What to do with rows without a value.",
  }),
  lag: numberSetting({
    default: undefined,
    min: Number.NEGATIVE_INFINITY,
    doc: "How much before the last value a run starts.",
  }),
  rangeStart: choiceSetting({ choices: ["open", "closed"], default: undefined, doc: "Whether the start counts." }),
  rangeEnd: choiceSetting({ choices: ["open", "closed"], default: undefined, doc: "Whether the end counts." }),
  primaryKey: keyField("What tells rows at the boundary apart."),
  allowExternalSchedulers: booleanSetting({ default: undefined, doc: "Takes the range from the scheduler." }),
  lastValueFunc: choiceSetting({ choices: ["min", "max"], default: undefined, doc: "Which value is kept." }),
} as const satisfies ConfigSpec;

/**
 * The options of the cursor of a resource that the configuration has, under `incremental` in the sections
 * `sources.<section>.<source>.<resource>`, `sources.<section>.<resource>`, `sources.<section>`, `sources.<resource>`, `sources`; a bare
 * value of `incremental` is the initial value. Without a path, neither in code nor here, there are none.
 *
 * @throws ConfigError `CONFIG_VALUE_INVALID`
 */
export function incrementalSettings(scope: IncrementalScope): IncrementalChange {
  const { declared } = scope;
  const { cursorPath, cursorType } = lookUp(kindSpec, scope, (native) => native);
  if (cursorPath === undefined && declared === undefined) return {};
  const read = cursorValueReader(cursorType ?? declared?.cursorType, declared?.initialValue);
  const values = {
    initialValue: valueField(read, "Where the first run starts."),
    endValue: valueField(read, "Where a range ends."),
  };
  return { cursorPath, cursorType, ...lookUp({ ...values, ...optionSpec }, scope, read) } as IncrementalChange;
}

function lookUp<Spec extends ConfigSpec>(
  fields: Spec,
  { config, source, resource }: IncrementalScope,
  read: (native: unknown) => unknown,
): { readonly [Name in keyof Spec]: Spec[Name] extends ConfigField<infer Value> ? Value | undefined : never } {
  const incremental: ConfigGroup<unknown> = {
    secret: false,
    optional: true,
    fields,
    parse: (native) => ("initialValue" in fields ? { initialValue: read(native) } : {}),
  };
  const section = resource.section ?? source.section;
  const found = resolveConfig(
    { incremental },
    {
      owner: `Resource \`${resource.name}\` of source \`${source.name}\``,
      sections: ["sources", section, resource.name],
      first: ["sources", section, source.name, resource.name],
      config,
    },
  );
  return (found.incremental ?? {}) as ReturnType<typeof lookUp<Spec>>;
}

function valueField(read: (native: unknown) => unknown, doc: string): ConfigField<unknown> {
  return { secret: false, optional: true, doc, parse: read };
}

/** A name, or a list of names as TOML or JSON has it. */
function keyField(doc: string): ConfigField<string | readonly string[] | undefined> {
  return {
    secret: false,
    optional: true,
    doc,
    parse: (native) => {
      const names = readers.structure(native) ?? readers.text(native);
      if (typeof names === "string" && names !== "") return names;
      if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
      throw new TypeError("expected a name, or a list of names");
    },
  };
}
