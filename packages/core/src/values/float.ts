import { valueKind } from "./value-kind.js";

/** A number that is a double although it is integral: `1.0`, which stays apart from the integer `1`. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  get [valueKind]() {
    return "float" as const;
  }

  valueOf(): number {
    return this.value;
  }

  /** As in JSON: `2.0`, `1e+16`. */
  toString(): string {
    return floatToJson(this.value);
  }
}

/** Says that a number is a double, whatever it looks like: `float(2)` makes a column `double`, `2` makes it `bigint`. */
export function float(value: number): Float {
  return new Float(value);
}

/** The value of a double as decoded values hold it: boxed when it would otherwise count as an integer. */
export function doubleValue(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/**
 * Text of a double in JSON: shortest digits that give it back, with a fraction or an exponent; an exponent from 1e16 up and
 * below 1e-5. `null` for what JSON cannot say (NaN and infinities). The form of orjson 3.11.
 */
export function floatToJson(value: number): string {
  if (!Number.isFinite(value)) return "null";
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude >= 1e16 || magnitude < 1e-5)) return value.toExponential();
  return fixed(value);
}

/** Text of a double as Python's `repr` gives it: `1.0`, `1e-05`, `1e+16`, `nan`, `-inf`. */
export function floatToText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude >= 1e16 || magnitude < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return fixed(value);
}

function fixed(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}
