import type { NamingConvention } from "@dlt/core";
import type { FileStore } from "@dlt/storage";

/** A dataset as files: a store whose keys start at its folder, and the folders of its system tables. */
export interface FilesDataset {
  readonly store: FileStore;
  readonly folders: SystemFolders;
  readonly pipelineName: string;
}

export interface SystemFolders {
  /** Schemas of the dataset. */
  readonly version: string;
  /** Completed loads. */
  readonly loads: string;
  /** Pipeline states. */
  readonly state: string;
  /** Prepared loads that are not followed by a completed one yet. Only this library has it. */
  readonly jobs: string;
}

/** The folders under a naming convention; layouts do not hold for them. */
export function systemFolders(naming: NamingConvention): SystemFolders {
  const folder = (table: string) => naming.normalizeTableIdentifier(table);
  return {
    version: folder("_dlt_version"),
    loads: folder("_dlt_loads"),
    state: folder("_dlt_pipeline_state"),
    jobs: folder("_dlt_jobs"),
  };
}
