/**
 * A name with case folded away, as Python's `str.casefold` does: names that differ in case only become the same text. `ß` counts
 * as `ss`, and `ς` as `σ`.
 */
export function caseFold(name: string): string {
  if (isAscii.test(name)) return name.toLowerCase();
  // To capitals and back, since some small letters share a capital. A character at a time: `toLowerCase` of a whole text
  // tells apart where a sigma stands. The dotless i is a letter of its own.
  return Array.from(name, (character) =>
    character === "ı"
      ? character
      : Array.from(character.toLowerCase().toUpperCase(), (capital) => capital.toLowerCase()).join(""),
  ).join("");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
const isAscii = /^[\x00-\x7f]*$/;
