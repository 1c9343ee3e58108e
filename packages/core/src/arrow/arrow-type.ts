import type { RawType } from "./raw-arrow.js";

/** Parts of a second, or the second itself. */
export type TimeUnit = "s" | "ms" | "us" | "ns";

/** The types of Arrow, as far as their values can be loaded. */
export type ArrowType =
  | { readonly kind: "null" }
  | { readonly kind: "int"; readonly bits: number; readonly signed: boolean }
  | { readonly kind: "float"; readonly bits: 16 | 32 | 64 }
  | { readonly kind: "bool" }
  /** `offsets` reach from value to value, `views` have a length and the first bytes of each. */
  | { readonly kind: "bytes"; readonly isText: boolean; readonly layout: "offsets" | "views" }
  | { readonly kind: "fixedBytes"; readonly width: number }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number; readonly bits: number }
  | { readonly kind: "date"; readonly unit: "day" | "ms" }
  | { readonly kind: "time"; readonly unit: TimeUnit }
  | { readonly kind: "timestamp"; readonly unit: TimeUnit; readonly isNaive: boolean }
  | { readonly kind: "list"; readonly layout: "offsets" | "views" }
  | { readonly kind: "fixedList"; readonly size: number }
  | { readonly kind: "struct"; readonly names: readonly string[] }
  | { readonly kind: "map" }
  | { readonly kind: "union"; readonly isDense: boolean; readonly children: Readonly<Record<number, number>> }
  | { readonly kind: "runs" }
  | { readonly kind: "dictionary"; readonly indices: RawType; readonly values: RawType }
  | { readonly kind: "unsupported"; readonly name: string };

const units: readonly TimeUnit[] = ["s", "ms", "us", "ns"];

/** The type that a package describes. */
export function arrowType(raw: RawType): ArrowType {
  const { typeId, bitWidth, precision = 0, scale = 0, unit = 0 } = raw;
  switch (typeId) {
    case -1:
      if (raw.indices === undefined || raw.dictionary === undefined) break;
      return { kind: "dictionary", indices: raw.indices, values: raw.dictionary };
    case 1:
      return { kind: "null" };
    case 2:
      return { kind: "int", bits: bitWidth ?? 64, signed: raw.isSigned ?? raw.signed ?? true };
    case 3:
      return { kind: "float", bits: precision === 0 ? 16 : precision === 1 ? 32 : 64 };
    case 4:
    case 19:
      return { kind: "bytes", isText: false, layout: "offsets" };
    case 5:
    case 20:
      return { kind: "bytes", isText: true, layout: "offsets" };
    case 23:
      return { kind: "bytes", isText: false, layout: "views" };
    case 24:
      return { kind: "bytes", isText: true, layout: "views" };
    case 6:
      return { kind: "bool" };
    case 7:
      return { kind: "decimal", precision, scale, bits: bitWidth ?? 128 };
    case 8:
      return { kind: "date", unit: unit === 0 ? "day" : "ms" };
    case 9:
      return { kind: "time", unit: units[unit] ?? "ns" };
    case 10:
      return { kind: "timestamp", unit: units[unit] ?? "ns", isNaive: (raw.timezone ?? "") === "" };
    case 12:
    case 21:
      return { kind: "list", layout: "offsets" };
    case 25:
    case 26:
      return { kind: "list", layout: "views" };
    case 13:
      return { kind: "struct", names: (raw.children ?? []).map(({ name }) => name) };
    case 14:
      return { kind: "union", isDense: raw.mode === 1, children: raw.typeIdToChildIndex ?? raw.typeMap ?? {} };
    case 15:
      return { kind: "fixedBytes", width: raw.byteWidth ?? raw.stride ?? 0 };
    case 16:
      return { kind: "fixedList", size: raw.listSize ?? raw.stride ?? 0 };
    case 17:
      return { kind: "map" };
    case 22:
      return { kind: "runs" };
  }
  return { kind: "unsupported", name: unsupportedNames[typeId] ?? `number ${typeId}` };
}

const unsupportedNames: Readonly<Record<number, string>> = { [-1]: "Dictionary", 11: "Interval", 18: "Duration" };
