import { DestinationError } from "@dlt/core";
import { endOfProtected } from "./protected-text.js";

/**
 * Puts the driver's own placeholders where `%s` stands outside literals, quoted identifiers and comments; `%%` becomes `%`.
 * A statement without `%s`, or without values, is given back as it is: it may use the driver's own style.
 * @throws DestinationError `DESTINATION_PARAMETERS_MISMATCH`
 */
export function translateParameters(
  sql: string,
  valueCount: number,
  placeholder: (position: number) => string,
): string {
  if (valueCount === 0) return sql;
  let translated = "";
  let position = 0;
  let index = 0;
  let copied = 0;
  while (index < sql.length) {
    const protectedEnd = endOfProtected(sql, index);
    if (protectedEnd > index) {
      index = protectedEnd;
      continue;
    }
    const next = sql[index] === "%" ? sql[index + 1] : undefined;
    if (next === "s" || next === "%") {
      translated += sql.slice(copied, index);
      if (next === "s") position += 1;
      translated += next === "s" ? placeholder(position) : "%";
      index += 2;
      copied = index;
    } else index += 1;
  }
  if (position === 0) return sql;
  if (position !== valueCount) {
    throw new DestinationError(
      "DESTINATION_PARAMETERS_MISMATCH",
      `The statement has ${position} \`%s\` outside literals and comments, but ${valueCount} values were given.`,
      {
        hint: "Give one value for each `%s`; write `%%` for a percent sign.",
        context: { parameters: position, values: valueCount },
      },
    );
  }
  return translated + sql.slice(copied);
}
