/** Generated rows, and what loading them comes to. */
export interface Dataset {
  /** Tells the rows from all others: their shape, number and seed. */
  readonly name: string;
  readonly rowCount: number;
  rows(): Iterable<unknown>;
  /** The floor: what DuckDB alone runs to get the same tables into schema `bench`. The file to read is in the variable `input`. */
  readonly floor: string;
  /** The tables with their parent tables, `null` for the root table. */
  readonly tables: Readonly<Record<string, string | null>>;
}

export interface BenchCase {
  /** Name of the root table, too. */
  readonly name: string;
  /** Root rows when nothing else is asked for. */
  readonly rowCount: number;
  dataset(rowCount: number): Dataset;
  /** Other rows with a known part of the values, of which each should cost the same. */
  readonly beside: readonly Comparison[];
}

interface Comparison {
  /** What is compared with the dataset of the case, e.g. `rows of 100 columns`. */
  readonly label: string;
  /** For a case of `rowCount` rows. */
  dataset(rowCount: number): Dataset;
  /** How many times the values of this one the dataset of the case has. */
  readonly times: number;
}
