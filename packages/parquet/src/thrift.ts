import type { ByteBuffer } from "./byte-buffer.js";

/** A value of Thrift's compact protocol. Integers are not negative. */
export type ThriftValue =
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "i8" | "i32" | "i64"; readonly value: number }
  | { readonly kind: "binary"; readonly bytes: Uint8Array }
  | { readonly kind: "list"; readonly of: "i32" | "binary" | "struct"; readonly items: readonly ThriftValue[] }
  | ThriftStruct;

export interface ThriftStruct {
  readonly kind: "struct";
  readonly fields: readonly ThriftField[];
}

/** A field by its id, ids ascending. A field without a value is left out. */
export type ThriftField = readonly [id: number, value: ThriftValue | undefined];

const utf8 = new TextEncoder();

export const bool = (value: boolean): ThriftValue => ({ kind: "bool", value });
export const i8 = (value: number): ThriftValue => ({ kind: "i8", value });
export const i32 = (value: number): ThriftValue => ({ kind: "i32", value });
export const i64 = (value: number): ThriftValue => ({ kind: "i64", value });
export const binary = (bytes: Uint8Array): ThriftValue => ({ kind: "binary", bytes });
export const text = (value: string): ThriftValue => binary(utf8.encode(value));
export const list = (of: "i32" | "binary" | "struct", items: readonly ThriftValue[]): ThriftValue => ({
  kind: "list",
  of,
  items,
});
export const struct = (...fields: readonly ThriftField[]): ThriftStruct => ({ kind: "struct", fields });

// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
const typeIds = { i8: 3, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;
const trueId = 1;
const falseId = 2;

/** Writes a struct in Thrift's compact protocol. */
export function writeStruct(out: ByteBuffer, { fields }: ThriftStruct): void {
  let lastId = 0;
  for (const [id, value] of fields) {
    if (value === undefined) continue;
    const typeId = value.kind === "bool" ? (value.value ? trueId : falseId) : typeIds[value.kind];
    out.byte(((id - lastId) << 4) | typeId);
    lastId = id;
    // A boolean is told by the type of its field.
    if (value.kind !== "bool") writeValue(out, value);
  }
  out.byte(0);
}

function writeValue(out: ByteBuffer, value: ThriftValue): void {
  switch (value.kind) {
    case "bool":
    case "i8":
      out.byte(Number(value.value));
      return;
    case "i32":
    case "i64":
      out.varint(value.value * 2); // zigzag of what is not negative
      return;
    case "binary":
      out.varint(value.bytes.length);
      out.append(value.bytes);
      return;
    case "list":
      if (value.items.length < 15) {
        out.byte((value.items.length << 4) | typeIds[value.of]);
      } else {
        out.byte(0xf0 | typeIds[value.of]);
        out.varint(value.items.length);
      }
      for (const item of value.items) writeValue(out, item);
      return;
    case "struct":
      writeStruct(out, value);
  }
}
