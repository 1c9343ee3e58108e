/** Compares texts in which random values of the reference stand as placeholders: `id:1`, `load:2`, `load_time:1`. */
export class Placeholders {
  private readonly actualOf = new Map<string, string>();
  private readonly expectedOf = new Map<string, string>();

  /**
   * The text that is to be compared with the expected one: its placeholder when that stands for `actual` and for nothing else,
   * otherwise `actual` itself.
   */
  replace(expected: unknown, actual: unknown): unknown {
    if (typeof expected !== "string" || typeof actual !== "string" || !isPlaceholder(expected)) return actual;
    const known = this.actualOf.get(expected);
    if (known === undefined && !this.expectedOf.has(actual)) {
      this.actualOf.set(expected, actual);
      this.expectedOf.set(actual, expected);
      return expected;
    }
    return known === actual ? expected : actual;
  }
}

/** True for a text that stands for a random value. */
export function isPlaceholder(text: unknown): boolean {
  return typeof text === "string" && /^(?:id|load|load_time):\d+$/.test(text);
}
