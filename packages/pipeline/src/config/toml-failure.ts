import { ConfigError } from "@dlt/core";
import type { TomlError } from "smol-toml";

/** Says where a file is no TOML, and what should stand there; shows nothing of its content, which may be secret. */
export function tomlFailure(path: string, { message, line, column }: TomlError): ConfigError {
  // The lines below the first show the file.
  const reason = message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "") ?? "";
  const expected = expectations.find(([beginning]) => reason.startsWith(beginning))?.[1] ?? keyAndValue;
  return new ConfigError(
    "CONFIG_FILE_INVALID",
    `\`${path}\` is not valid TOML at line ${line}, column ${column}: ${reason}. Expected ${expected}.`,
    {
      hint: `Correct line ${line} of ${path}.`,
      context: { path, line, column },
    },
  );
}

const keyAndValue = "`key = value` with a key of letters, digits, `_` and `-`, or any other in quotes, or `[section]`";

/** By the beginning of what the parser says. */
const expectations: readonly (readonly [beginning: string, expected: string])[] = [
  ["invalid value", "a text in quotes, a number, `true`, `false`, a date, a list `[…]` or a table `{…}`"],
  ["unfinished string", "the quotes that end the text"],
  ["unfinished array", "a comma or `]`"],
  ["expected comma", "a comma or the end of the list or table"],
  ["each key-value", "the end of the line"],
  ["trying to redefine", "each key and each `[section]` once"],
  ["invalid date", "a date such as `2024-01-31`, or `2024-01-31T10:00:00Z`"],
  [
    "unrecognised escape",
    'one of `\\n`, `\\t`, `\\\\`, `\\"`, or a text in single quotes, in which `\\` is a character',
  ],
  ["illegal leading zero", "a number without zeros before it, or a text in quotes"],
];
