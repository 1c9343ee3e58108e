import type {
  BitBuilder,
  BytesBuilder,
  ColumnBuilder,
  Float64Builder,
  Int64Builder,
} from "../columns/column-builder.js";
import type { NamingConvention } from "../contract/naming.js";
import type { RowTable } from "./row-table.js";

/** What the scanner does with a scalar at a field. Plain numbers, because they are compared for every value. */
export const fieldKind = {
  /** No column yet: only a null fits. */
  absent: 0,
  text: 1,
  bigint: 2,
  double: 3,
  bool: 4,
  timestamp: 5,
  json: 6,
  /** A column whose values are decoded and converted one by one. */
  converted: 7,
  /** Two keys share the column, or the key names a system column: the general rules decide. */
  general: 8,
} as const;

/**
 * A key of the objects at one place of the nesting, with the names it leads to and the column its scalars go to. What the scanner
 * looks at for every value comes first, so that it lies together in memory: rows of many columns are bound by how much of it is read.
 */
export class PlanField {
  /** Where `PlanNode.keyBytes` has the key as UTF-8 with its closing quote, and how long it is. */
  readonly keyFrom: number;
  readonly keyLength: number;
  /** Number of the object that this field was last seen in; seen twice means a repeated key. */
  seenIn = 0;
  /** The field that followed this one the last time: most objects repeat their keys in the same order. */
  following: PlanField | null = null;
  /** One of `fieldKind`. */
  kind: number = fieldKind.absent;
  /** The builder by kind, so that a call of the scanner needs no cast. */
  text: BytesBuilder | null = null;
  integer: Int64Builder | null = null;
  double: Float64Builder | null = null;
  bool: BitBuilder | null = null;
  builder: ColumnBuilder | null = null;
  /** A null is refused. */
  notNull = false;
  /** The column takes objects and lists as documents, or has to: they are not unpacked. */
  staysJson = false;
  /** Objects at this key, flattened. */
  object: PlanNode | null = null;
  /** Lists at this key. */
  list: PlanList | null = null;
  /** Normalized keys from the row to those lists; null until there is one. */
  listPath: readonly string[] | null = null;
  nullSeen = false;
  /** Another key leads to the same column. */
  shared = false;
  readonly key: string;
  /** Normalized key. */
  readonly part: string;
  /** Name of the column: the normalized path joined. */
  readonly column: string;
  readonly node: PlanNode;

  constructor(
    node: PlanNode,
    names: { readonly key: string; readonly part: string; readonly column: string },
    { keyFrom, keyLength }: { readonly keyFrom: number; readonly keyLength: number },
  ) {
    this.keyFrom = keyFrom;
    this.keyLength = keyLength;
    this.key = names.key;
    this.part = names.part;
    this.column = names.column;
    this.node = node;
  }
}

/** Objects at one place: the rows of a table, or objects flattened into them. */
export class PlanNode {
  readonly table: RowTable;
  /** Normalized keys from the row to here. */
  readonly path: readonly string[];
  /** Nesting that is left; at 0 objects and lists stay documents. */
  readonly level: number;
  readonly rowLevel: number;
  /** The field whose objects are here; `null` for the rows of a table themselves. */
  readonly via: PlanField | null;
  /** The rows stand for lists in lists: their one key is not of the data. */
  readonly isInnerList: boolean;
  /** The keys of all fields, one behind the other in the order they were met: what is compared with the text. */
  keyBytes = new Uint8Array(64);
  private keysEnd = 0;
  private readonly byKey = new Map<string, PlanField>();
  private buckets: (PlanField | null)[] = new Array<PlanField | null>(16).fill(null);
  private count = 0;
  first: PlanField | null = null;

  constructor(
    table: RowTable,
    options: {
      readonly path?: readonly string[];
      readonly level: number;
      readonly rowLevel?: number;
      readonly via?: PlanField;
      readonly isInnerList?: boolean;
    },
  ) {
    const { path = [], level, rowLevel = level, via = null, isInnerList = false } = options;
    this.table = table;
    this.path = path;
    this.level = level;
    this.rowLevel = rowLevel;
    this.via = via;
    this.isInnerList = isInnerList;
  }

  known(key: string): PlanField | undefined {
    return this.byKey.get(key);
  }

  /** The field of a key, made when it is new. */
  field(key: string, naming: NamingConvention): PlanField {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const part = (isBlank(key) ? "" : naming.normalizePath(key)) || "_empty";
    const column = this.path.length === 0 ? part : naming.shortenFragments(...this.path, part);
    const field = new PlanField(this, { key, part, column }, this.addKey(key));
    this.byKey.set(key, field);
    this.insert(field);
    this.table.claimColumn(field);
    return field;
  }

  /** Finds a field by the bytes of its key, `from` to the closing quote at `quote`; null when it is unknown. */
  find(bytes: Uint8Array, from: number, quote: number, hash: number): PlanField | null {
    const mask = this.buckets.length - 1;
    const length = quote - from + 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const field = this.buckets[slot];
      if (field === null || field === undefined) return null;
      if (field.keyLength === length && this.isKey(field.keyFrom, bytes, from, length)) return field;
    }
  }

  private isKey(keyFrom: number, bytes: Uint8Array, from: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (bytes[from + i] !== this.keyBytes[keyFrom + i]) return false;
    return true;
  }

  /** Appends a key with its closing quote to `keyBytes`. */
  private addKey(key: string): { readonly keyFrom: number; readonly keyLength: number } {
    const encoded = new TextEncoder().encode(`${key}"`);
    const keyFrom = this.keysEnd;
    this.keysEnd += encoded.length;
    if (this.keysEnd > this.keyBytes.length) {
      const larger = new Uint8Array(this.keysEnd * 2);
      larger.set(this.keyBytes);
      this.keyBytes = larger;
    }
    this.keyBytes.set(encoded, keyFrom);
    return { keyFrom, keyLength: encoded.length };
  }

  private insert(field: PlanField): void {
    this.count += 1;
    if (this.count * 2 > this.buckets.length) {
      const old = this.buckets;
      this.buckets = new Array<PlanField | null>(old.length * 2).fill(null);
      for (const other of old) if (other !== null) this.place(other);
    }
    this.place(field);
  }

  private place(field: PlanField): void {
    const mask = this.buckets.length - 1;
    let slot = this.hashKey(field) & mask;
    while (this.buckets[slot] !== null) slot = (slot + 1) & mask;
    this.buckets[slot] = field;
  }

  /** FNV-1a over a key without its closing quote. The scanner computes the same while it looks for the quote. */
  private hashKey({ keyFrom, keyLength }: PlanField): number {
    const quote = keyFrom + keyLength - 1;
    let hash = 0x811c9dc5;
    for (let at = keyFrom; at < quote; at++) hash = Math.imul(hash ^ (this.keyBytes[at] as number), 0x01000193);
    return hash >>> 0;
  }
}

/** Lists at one place: each element is a row of a nested table. */
export class PlanList {
  readonly table: RowTable;
  /** Elements that are objects. */
  readonly objects: PlanNode;
  /** Elements that are scalars: the column `value`. */
  readonly scalars: PlanField;
  /** Elements that are lists: rows without data whose elements go one table deeper, under the key `list`. */
  readonly lists: PlanNode;
  /** Lists at another place fill the same table, so the order of its rows is a matter of the general rules. */
  shared = false;

  constructor(table: RowTable, level: number, naming: NamingConvention) {
    this.table = table;
    this.objects = new PlanNode(table, { level });
    this.lists = new PlanNode(table, { level: level - 1, isInnerList: true });
    this.scalars = this.objects.field("value", naming);
  }
}

/** A key without anything but white space. */
function isBlank(key: string): boolean {
  return key.trim() === "";
}
