// Tables as the packages `apache-arrow` and `@uwdata/flechette` hold them. Both follow the columnar format of Arrow
// (https://arrow.apache.org/docs/format/Columnar.html) and its numbers for types and units; a member that only one of them has, or
// names so, is optional here.

/** A data type. */
export interface RawType {
  /** As in https://github.com/apache/arrow/blob/main/format/Schema.fbs; -1 for a dictionary. */
  readonly typeId: number;
  readonly bitWidth?: number;
  readonly isSigned?: boolean;
  readonly signed?: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly unit?: number;
  readonly timezone?: string | null;
  /** Bytes of a value of fixed size, or values of a list of fixed size. */
  readonly byteWidth?: number;
  readonly listSize?: number;
  readonly stride?: number;
  /** Of a union: 0 sparse, 1 dense. */
  readonly mode?: number;
  readonly typeIdToChildIndex?: Readonly<Record<number, number>>;
  readonly typeMap?: Readonly<Record<number, number>>;
  readonly children?: readonly RawField[] | null;
  /** Type of the values and of the indices of a dictionary. */
  readonly dictionary?: RawType;
  readonly indices?: RawType;
}

export interface RawField {
  readonly name: string;
  readonly type: RawType;
  readonly nullable?: boolean;
}

/** Neighbouring values of a column: what one record batch has of it. */
export interface RawData {
  readonly type: RawType;
  readonly length: number;
  readonly nullCount: number;
  /** Where the first row is in bitmaps. Other buffers begin with it. */
  readonly offset?: number;
  readonly nullBitmap?: Uint8Array | null;
  readonly validity?: Uint8Array | null;
  readonly values?: ArrayBufferView | null;
  readonly valueOffsets?: Int32Array | BigInt64Array | null;
  readonly offsets?: Int32Array | BigInt64Array | null;
  /** Of list views, beside the offsets. */
  readonly sizes?: Int32Array | BigInt64Array | null;
  readonly typeIds?: Int8Array | null;
  /** What views of text and bytes point into. */
  readonly variadicBuffers?: readonly Uint8Array[] | null;
  readonly data?: readonly Uint8Array[] | null;
  readonly children?: readonly RawData[] | null;
  readonly dictionary?: { readonly data: readonly RawData[] } | null;
}
