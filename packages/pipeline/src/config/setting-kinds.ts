import type { ConfigField } from "@dlt/core";
import { readers } from "@dlt/core/engine";

/** Fields of the engine's own settings. A value of another kind, from a file or from code, is refused. */

export function integerSetting<Default extends number | undefined>(options: {
  readonly default: Default;
  readonly min: number;
  readonly doc: string;
}): ConfigField<number | Default> {
  const { min } = options;
  return kind(options, (native) => {
    const value = readers.integer(native);
    if (value === undefined || value < min) throw new RangeError(`expected an integer from ${min} up`);
    return value;
  });
}

export function numberSetting<Default extends number | undefined>(options: {
  readonly default: Default;
  readonly min: number;
  readonly doc: string;
}): ConfigField<number | Default> {
  const { min } = options;
  return kind(options, (native) => {
    const value = readers.number(native);
    if (value === undefined || !(value >= min)) throw new RangeError(`expected a number from ${min} up`);
    return value;
  });
}

export function booleanSetting<Default extends boolean | undefined>(options: {
  readonly default: Default;
  readonly doc: string;
}): ConfigField<boolean | Default> {
  return kind(options, (native) => {
    const value = readers.boolean(native);
    if (value === undefined) throw new TypeError("expected yes or no (true, false, 1, 0)");
    return value;
  });
}

export function textSetting<Default extends string | undefined>(options: {
  readonly default: Default;
  readonly doc: string;
  /** @throws TypeError that says what was expected instead. Default: any text will do. */
  check?(value: string): string;
}): ConfigField<string | Default> {
  return kind(options, (native) => {
    const value = readers.text(native);
    if (value === undefined) throw new TypeError("expected a text");
    return options.check?.(value) ?? value;
  });
}

export function choiceSetting<const Choice extends string, Default extends Choice | undefined>(options: {
  readonly choices: readonly Choice[];
  readonly default: Default;
  readonly doc: string;
}): ConfigField<Choice | Default> {
  const { choices } = options;
  return kind(options, (native) => {
    const value = choices.find((choice) => choice === native);
    if (value === undefined) throw new TypeError(`expected ${choices.map(spelled).join(", ")}`);
    return value;
  });
}

/** As one writes it in code, so that the ends of lines can be read. */
function spelled(choice: string): string {
  return `\`${JSON.stringify(choice).slice(1, -1)}\``;
}

/** An object, from TOML or from JSON text. */
export function structureSetting(options: { readonly doc: string }): ConfigField<object | undefined> {
  return kind({ ...options, default: undefined }, (native) => {
    const value = readers.structure(native);
    if (value === undefined) throw new TypeError("expected an object as JSON");
    return value;
  });
}

function kind(
  options: { readonly default: unknown; readonly doc: string },
  parse: (native: unknown) => unknown,
): ConfigField<never> {
  const { default: fallback, doc } = options;
  return { secret: false, doc, parse, ...(fallback === undefined ? { optional: true } : { default: fallback }) };
}
