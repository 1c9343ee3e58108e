import type { NamingConvention, SystemNames } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";

/**
 * Names of the library's own tables and columns under a naming convention.
 *
 * @throws SchemaError when the convention does not keep the prefix of the tables
 */
export function systemNames(naming: NamingConvention): SystemNames {
  const names: SystemNames = {
    prefix: naming.normalizeTableIdentifier("_dlt"),
    columnPrefix: naming.normalizeIdentifier("_dlt"),
    versionTable: naming.normalizeTableIdentifier("_dlt_version"),
    loadsTable: naming.normalizeTableIdentifier("_dlt_loads"),
    stateTable: naming.normalizeTableIdentifier("_dlt_pipeline_state"),
    rejectsTable: naming.normalizeTableIdentifier("_dlt_rejects"),
    id: naming.normalizeIdentifier("_dlt_id"),
    loadId: naming.normalizeIdentifier("_dlt_load_id"),
    parentId: naming.normalizeIdentifier("_dlt_parent_id"),
    listIdx: naming.normalizeIdentifier("_dlt_list_idx"),
    rootId: naming.normalizeIdentifier("_dlt_root_id"),
  };
  for (const table of [names.versionTable, names.loadsTable, names.stateTable, names.rejectsTable]) {
    if (!table.startsWith(names.prefix)) {
      throw new SchemaError(
        "SCHEMA_CORRUPTED",
        `The naming convention \`${naming.name}\` turns \`_dlt\` into \`${names.prefix}\`, but names a system table \`${table}\`.`,
        {
          hint: "Use a naming convention that keeps the common prefix of system tables, such as `snake_case`.",
          context: { naming: naming.name, prefix: names.prefix, table },
        },
      );
    }
  }
  return names;
}
