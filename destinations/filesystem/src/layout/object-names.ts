import { ConfigError, DestinationError, type LoadPlan } from "@dlt/core";
import { isKey } from "@dlt/storage";
import { initKey } from "../storage-version.js";
import type { DatetimeSource } from "./datetime.js";
import { formatLayout, type Layout } from "./layout.js";
import { type ExtraPlaceholders, fileValues, loadValues } from "./placeholders.js";

export interface NamingOptions {
  readonly layout: Layout;
  readonly extra: ExtraPlaceholders;
  readonly currentDatetime: DatetimeSource | undefined;
  /** Names of compressed files end in `.gz`. */
  readonly showsCompression: boolean;
}

/**
 * Names the object of each load file, by the id of its job. Whatever a layout asks for is asked here, once for a load.
 * @throws DestinationError `FILE_PLACEHOLDER_INVALID`
 * @throws ConfigError `FILE_LAYOUT_INVALID`
 */
export function objectNames(
  { loadId, schemaName, files = [] }: Pick<LoadPlan, "loadId" | "schemaName" | "files">,
  { layout, extra, currentDatetime, showsCompression }: NamingOptions,
): ReadonlyMap<string, string> {
  const shared = loadValues({ loadId, schemaName }, currentDatetime);
  return new Map(
    files.map(({ jobId, table }) => {
      const { fileId, ext } = jobParts(jobId);
      const file = { schemaName, tableName: table, loadId, fileId, ext };
      const name = formatLayout(layout, fileValues(shared, file, extra));
      checkName(name, table);
      return [jobId, showsCompression ? name : name.replace(/\.gz$/, "")];
    }),
  );
}

/** Names are kept with the load: one that cannot be written has to be found before it is prepared. */
function checkName(name: string, table: string): void {
  if (!isKey(name)) {
    throw new DestinationError(
      "FILE_PLACEHOLDER_INVALID",
      `The layout gives a file of table \`${table}\` the name ${JSON.stringify(name)}, which no file can have.`,
      {
        hint: "Give the placeholders values that can be part of a path: not empty, neither `.` nor `..`, without null characters. Then run again. Nothing of the load was written yet.",
        context: { table, name },
      },
    );
  }
  // In a folder nothing can lie below the file of the dataset, and files of its name are not seen as those of tables.
  const parts = name.split("/");
  if (parts[0] !== initKey && parts.at(-1) !== initKey) return;
  throw new ConfigError(
    "FILE_LAYOUT_INVALID",
    `The layout gives a file of table \`${table}\` the name \`${name}\`, but \`${initKey}\` is the name of the file that marks a dataset.`,
    {
      hint: "Begin the layout with something else, such as `{schema_name}/{table_name}/`, and end it with something else, such as `.{ext}`.",
      context: { table, name },
    },
  );
}

/** `users.a1b2c3d4e5.jsonl.gz` → the id of the file, and what comes behind it. */
function jobParts(jobId: string): { readonly fileId: string; readonly ext: string } {
  const [, fileId = "", ...extensions] = jobId.split(".");
  return { fileId, ext: extensions.join(".") };
}
