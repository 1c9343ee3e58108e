import { SchemaError } from "../errors/index.js";

/**
 * Compiles a regular expression of Python's `re` module (3.11, text patterns), as stored schemas hold them. What
 * JavaScript cannot express is refused: conditionals, atomic groups, possessive quantifiers, flags for a part.
 *
 * @throws SchemaError for a pattern that is not valid or cannot be translated
 */
export function compilePythonRegex(pattern: string): RegExp {
  try {
    const { flags, rest } = readFlags(pattern);
    return new RegExp(translate(rest, tokens, flags), flags.ignoreCase ? "iv" : "v");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SchemaError(
      "SCHEMA_RULE_INVALID",
      `\`${pattern}\` is not a regular expression that can be used: ${reason}.`,
      {
        hint: "Write a regular expression in the dialect of Python's `re`, without conditionals, atomic groups and possessive quantifiers.",
        context: { pattern },
        cause,
      },
    );
  }
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  /** Sets of characters and word boundaries know ASCII only. */
  readonly ascii: boolean;
}

type Token = readonly [syntax: RegExp, translation: (match: RegExpExecArray, flags: Flags) => string];

/** The flags at the start of a pattern, and what follows them, without the white space and comments of a verbose pattern. */
function readFlags(pattern: string): { readonly flags: Flags; readonly rest: string } {
  const prefix = /^(?:\(\?[a-zA-Z]+\))*/.exec(pattern)?.[0] ?? "";
  const letters = prefix.replace(/[(?)]/g, "");
  const unknown = /[^imsaux]/.exec(letters)?.[0];
  if (unknown !== undefined) throw new Error(`the flag \`${unknown}\` is not supported`);
  return {
    flags: {
      ignoreCase: letters.includes("i"),
      multiline: letters.includes("m"),
      dotAll: letters.includes("s"),
      ascii: letters.includes("a"),
    },
    rest: letters.includes("x")
      ? pattern.slice(prefix.length).replace(insignificant, (_, kept = "") => kept)
      : pattern.slice(prefix.length),
  };
}

// Escapes and character classes are kept as they are.
const insignificant = /(\\[^]|\[\^?\]?(?:\\[^]|[^\]\\])*\])|[ \t\n\r\f\v]+|#[^\n]*/g;

function translate(pattern: string, syntax: readonly Token[], flags: Flags): string {
  let source = "";
  for (let at = 0; at < pattern.length; ) {
    for (const [token, translation] of syntax) {
      token.lastIndex = at;
      const match = token.exec(pattern);
      if (match === null) continue;
      source += translation(match, flags);
      at += match[0].length;
      break;
    }
  }
  return source;
}

function refuse(reason: (text: string) => string): (match: RegExpExecArray) => string {
  return ([text]) => {
    throw new Error(reason(text));
  };
}

/** Inside of a character class that holds the characters of `\d`, `\w` or `\s`. */
function characterSet(letter: string, { ascii }: Flags): string {
  switch (letter) {
    case "d":
      return ascii ? "0-9" : "\\p{Nd}";
    case "w":
      return ascii ? "A-Za-z0-9_" : "\\p{L}\\p{N}_";
    default:
      return ascii ? "\\x20\\t\\n\\r\\f\\v" : "\\s\\x1c-\\x1f\\x85";
  }
}

function wordBoundary(flags: Flags): string {
  const word = `[${characterSet("w", flags)}]`;
  return `(?<=${word})(?!${word})|(?<!${word})(?=${word})`;
}

const controlCharacters: Readonly<Record<string, string>> = {
  a: "\\x07",
  f: "\\f",
  n: "\\n",
  r: "\\r",
  t: "\\t",
  v: "\\v",
};

/** Escapes that mean the same inside and outside of a character class. */
const characterEscapes: readonly Token[] = [
  [/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y, ([, x, u, U]) => `\\u{${x ?? u ?? U}}`],
  [/\\(0[0-7]{0,2}|[1-3][0-7]{2})/y, ([, octal = "0"]) => `\\u{${Number.parseInt(octal, 8).toString(16)}}`],
  [/\\([afnrtv])/y, ([, letter = ""]) => controlCharacters[letter] ?? ""],
  [/\\([dws])/y, ([, letter = ""], flags) => `[${characterSet(letter, flags)}]`],
  [/\\([DWS])/y, ([, letter = ""], flags) => `[^${characterSet(letter.toLowerCase(), flags)}]`],
];

/** Contents of a character class. */
const classTokens: readonly Token[] = [
  ...characterEscapes,
  [/\\b/y, () => "\\x08"],
  [/\\[A-Za-z0-9]/y, refuse((text) => `\`${text}\` is not a known escape`)],
  // A hyphen between two characters makes a range; at the start or the end it stands for itself.
  [/(?<=[^])-(?=[^])/y, () => "-"],
  [/\\?([^])/y, ([, char = ""]) => (/[\^$\\.*+?()[\]{}|/\-&!#%,:;<=>@`~]/.test(char) ? `\\${char}` : char)],
];

const tokens: readonly Token[] = [
  [/\(\?#[^)]*\)/y, () => ""],
  [/\(\?P<([^>]*)>/y, ([, name]) => `(?<${name}>`],
  [/\(\?P=([^)]*)\)/y, ([, name]) => `\\k<${name}>`],
  [/\(\?(?::|=|!|<=|<!)/y, ([text]) => text],
  [/\(\?.?/y, refuse((text) => `a group that starts with \`${text}\` is not supported`)],
  [
    /(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d*\})\+/y,
    refuse((text) => `the possessive quantifier \`${text}\` is not supported`),
  ],
  [/\{,(\d*)\}/y, ([, most]) => `{0,${most}}`],
  [/[*+?]|\{\d+(?:,\d*)?\}/y, ([text]) => text],
  [
    // A bracket right at the start stands for itself.
    /\[(\^?)(?=(\]?))\2((?:\\[^]|[^\]\\])*)\]/y,
    ([, negation = "", bracket = "", rest = ""], flags) =>
      `[${negation}${translate(bracket + rest, classTokens, flags)}]`,
  ],
  [/\[/y, refuse(() => "a character class is not closed")],
  ...characterEscapes,
  [/\\([1-9]\d?)/y, ([, group]) => `(?:\\${group})`],
  [/\\A/y, () => "(?<![^])"],
  [/\\Z/y, () => "(?![^])"],
  [/\\b/y, (_, flags) => `(?:${wordBoundary(flags)})`],
  [/\\B/y, (_, flags) => `(?!${wordBoundary(flags)})`],
  [/\\[A-Za-z0-9]/y, refuse((text) => `\`${text}\` is not a known escape`)],
  [/\\$/y, refuse(() => "it ends with a backslash")],
  [/\./y, (_, { dotAll }) => (dotAll ? "[^]" : "[^\\n]")],
  [/\^/y, (_, { multiline }) => (multiline ? "(?<![^\\n])" : "^")],
  [/\$/y, (_, { multiline }) => (multiline ? "(?![^\\n])" : "(?=\\n?(?![^]))")],
  [/[()|]/y, ([text]) => text],
  [/\\?([^])/y, ([, char = ""]) => (/[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char)],
];
