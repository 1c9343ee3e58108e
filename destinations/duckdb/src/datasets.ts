import { basename } from "node:path";
import type { NamingConvention } from "@dlt/core";
import { type DatasetName, type SqlDatasets, type SqlDialect, systemTables } from "@dlt/sql";

export interface DatasetsOptions {
  readonly dialect: SqlDialect;
  readonly naming: NamingConvention;
  readonly dataset: string;
  readonly stagingDataset: string;
  /** Names of the attached databases, the current one first. */
  readonly catalogs: readonly string[];
}

export function datasets({ dialect, naming, dataset, stagingDataset, catalogs }: DatasetsOptions): SqlDatasets {
  const system = systemTables(naming);
  return {
    final: { dialect, system, name: datasetName(dataset, catalogs) },
    staging: { dialect, system, name: datasetName(stagingDataset, catalogs) },
  };
}

/** Databases that there always are. */
const internalCatalogs = ["temp", "system"];

/** DuckDB refuses `"a"."t"` where both a database and a schema are called `a`; there the catalog is named as well. */
function datasetName(schema: string, catalogs: readonly string[]): DatasetName {
  const isAmbiguous = [...catalogs, ...internalCatalogs].some(
    (catalog) => catalog.toLowerCase() === schema.toLowerCase(),
  );
  const [catalog] = catalogs;
  return isAmbiguous && catalog !== undefined ? { catalog, schema } : { schema };
}

/** The name that DuckDB gives the database of a file: up to the first dot, and apart from names of its own. */
export function catalogOfFile(path: string): string {
  const name = basename(path).replace(/^\.+/, "").split(".", 1)[0] ?? "";
  return ["main", "temp", "system"].includes(name.toLowerCase()) ? `${name}_db` : name;
}
