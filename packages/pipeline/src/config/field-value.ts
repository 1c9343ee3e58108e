import type { ConfigField } from "@dlt/core";
import {
  castText,
  checkedValue,
  type FieldResult,
  parsedValue,
  readers,
  secretOf,
  settingTypes,
  typeOf,
} from "@dlt/core/engine";

/** Makes the value of a field from what a place holds: text from the environment, values from TOML. */
export function foundValue(field: ConfigField<unknown>, native: unknown): FieldResult {
  if (field.parse !== undefined) return parsedValue(field, native);
  if (field.secret) {
    const text = readers.text(native);
    return text === undefined ? { problem: "expected a text" } : checkedValue(field, secretOf(text));
  }
  const type = typeOf(field);
  if (type !== undefined) {
    const value = settingTypes[type].read(native);
    return value === undefined ? { problem: `expected ${settingTypes[type].wanted}` } : checkedValue(field, value);
  }
  if (typeof field.default === "object" && field.default !== null) {
    const value = readers.structure(native);
    return value === undefined ? { problem: "expected an object or a list as JSON" } : checkedValue(field, value);
  }
  return asIsOrCast(field, native);
}

/** Of an unknown type: as it stands, or else what its text spells, whichever the check of the field takes. */
function asIsOrCast(field: ConfigField<unknown>, native: unknown): FieldResult {
  const asIs = checkedValue(field, native);
  if ("value" in asIs || typeof native !== "string") return asIs;
  const cast = castText(native);
  if (cast === native) return asIs;
  const asCast = checkedValue(field, cast);
  return "value" in asCast ? asCast : asIs;
}
