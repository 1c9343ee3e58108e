/** Turns names of the source into identifiers of the destination. Pure; the same input always gives the same output. */
export interface NamingConvention {
  /** As stored in the schema under `normalizers.names`, e.g. `snake_case`. */
  readonly name: string;
  readonly caseSensitive: boolean;
  /** Between the components of a path: `__`, for `direct` U+25B6. */
  readonly separator: string;
  /** In code points; `null` when unlimited. Longer identifiers are shortened with a tag that keeps them apart. */
  readonly maxLength: number | null;
  /** @throws SchemaError for an empty identifier */
  normalizeIdentifier(identifier: string): string;
  normalizeTableIdentifier(identifier: string): string;
  /** Normalizes each component of a path on its own, then the whole. */
  normalizePath(path: string): string;
  normalizeTablesPath(path: string): string;
  breakPath(path: string): readonly string[];
  makePath(...components: readonly string[]): string;
  /** Joins components that are normalized already and shortens the whole. `null` for none. */
  shortenFragments(...normalized: readonly string[]): string;
}

/** What makes a naming convention. */
export interface NamingRules {
  readonly caseSensitive: boolean;
  /** Between the components of a path. */
  readonly separator: string;
  /**
   * Writes an identifier that has no white space around it and is not empty. Pure, and what it made stays as it is when it is
   * given it again. Identifiers are shortened afterwards.
   */
  readonly normalize: (identifier: string) => string;
  /** What names of tables go through as well, after they were shortened. */
  readonly finishTable?: (identifier: string) => string;
  /** Limit of the convention itself, in code points. */
  readonly maxLength?: number;
}

/** Conventions beside those of the library, by the name that schemas have under `normalizers.names`. */
export type NamingConventions = Readonly<Record<string, NamingRules>>;
