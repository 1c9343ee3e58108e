/** What a text or a value of TOML spells, by the kind that is wanted; `undefined` when it does not. */
export const readers = {
  text(native: unknown): string | undefined {
    if (typeof native === "string") return native;
    if (typeof native === "object" && native !== null) return jsonText(native);
    return native === null || native === undefined ? undefined : String(native);
  },

  boolean(native: unknown): boolean | undefined {
    if (typeof native === "boolean") return native;
    if (typeof native === "number") return native !== 0;
    if (typeof native !== "string") return undefined;
    const word = native.toLowerCase();
    if (["yes", "true", "t", "y", "1"].includes(word)) return true;
    return ["no", "false", "f", "n", "0"].includes(word) ? false : undefined;
  },

  /** Integers beyond 2^53 are refused: no setting has any. */
  integer(native: unknown): number | undefined {
    const number = readers.number(native);
    return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
  },

  number(native: unknown): number | undefined {
    if (typeof native === "number") return native;
    if (typeof native !== "string") return undefined;
    const text = native.trim();
    const named = namedNumbers.get(text.toLowerCase());
    if (named !== undefined) return named;
    if (/^0x[\da-f]+$/i.test(text)) return Number.parseInt(text, 16);
    return /^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text.replaceAll("_", "")) : undefined;
  },

  /** An object or a list, from JSON. */
  structure(native: unknown): object | undefined {
    const value = typeof native === "string" ? parsedJson(native) : native;
    return typeof value === "object" && value !== null ? value : undefined;
  },
};

/** What a text spells by itself: a boolean, a number, an object or a list, else the text. */
export function castText(text: string): unknown {
  const word = text.toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  return readers.number(text) ?? readers.structure(text) ?? text;
}

const namedNumbers: ReadonlyMap<string, number> = new Map([
  ["inf", Number.POSITIVE_INFINITY],
  ["+inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
  ["nan", Number.NaN],
]);

/** `undefined` for a value with integers beyond 2^53, which JSON text from here would not keep. */
function jsonText(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
