import { compareDecimals, Decimal, type DecimalParts } from "./decimal.js";
import { valueKind } from "./value-kind.js";

/** An amount of up to 256 bits, integral or with a fraction; becomes a column of type `wei`. */
export class Wei {
  readonly decimal: Decimal;

  /** @throws SchemaError `DECIMAL_TEXT_INVALID` for text that is not a decimal number */
  constructor(source: string | bigint | DecimalParts) {
    this.decimal = source instanceof Decimal ? source : new Decimal(source);
  }

  get [valueKind]() {
    return "wei" as const;
  }

  toString(): string {
    return this.decimal.toString();
  }

  toJSON(): string {
    return this.toString();
  }
}

/** False beyond the range that a wei column takes; not for NaN. */
export function isWeiInRange(decimal: Decimal): boolean {
  return compareDecimals(decimal, minWei) >= 0 && compareDecimals(decimal, maxWei) <= 0;
}

/** The greatest integer that the detector `large_integer` makes wei. */
export const maxWeiInteger = 578960446186580977117854925043439539266n;
const maxWei = new Decimal(maxWeiInteger);
const minWei = new Decimal(-578960446186580977117854925043439539267n);
