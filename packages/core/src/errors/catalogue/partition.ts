import type { ErrorEntry } from "../error-entry.js";

export const partitionErrors = {
  PLAN_SOURCE_UNSUPPORTED: {
    title: "A plan takes one source",
    explanation:
      "All partitions of a plan become one load of one schema. Plan each source by itself. Nothing was read or written.",
  },
  PLAN_NOT_FOUND: {
    title: "The exchange folder has no such plan",
    explanation:
      "The process does not reach the folder in which the plan was made, or the plan was committed or removed meanwhile. Nothing was loaded.",
  },
  PLAN_OUTDATED: {
    title: "The pipeline has moved on since the plan was made",
    explanation:
      "Another run has loaded, or state or schema of the source have changed, so that the partitions start from a place that the pipeline has left. This commit has loaded nothing. Make a new plan; the folder of this one can be deleted.",
  },
  PARTITION_INVALID: {
    title: "This is no partition of a plan of this pipeline",
    explanation:
      "`runPartition` takes what `plan` gave, as it was, in a pipeline of the same name. Nothing was read or written.",
  },
  PARTITION_SOURCE_DIFFERS: {
    title: "The source is not the one that was planned",
    explanation:
      "The code of the process that runs the partition makes another source than that of the process that made the plan. Run the same version of the code with the same arguments. Nothing was read or written.",
  },
  PARTITION_STATE_CHANGED: {
    title: "A resource that is read in parts changed its state",
    explanation:
      "Each part is read without knowledge of the others, so that only cursors of incremental loading can be put together afterwards. The partition was given up.",
  },
  PARTITION_STATE_CONFLICT: {
    title: "Several partitions changed the same state",
    explanation:
      "State that resources share was changed by partitions that did not know of each other, so that it cannot be told what a run would have left. Nothing was loaded.",
  },
  PARTITION_TABLE_CONFLICT: {
    title: "Partitions declare a table in different ways",
    explanation:
      "Resources that write to one table and say so only with their rows are in different partitions. In a run the first of them declares the table, and the rows of all are read with its hints; here each was read with its own. Nothing was loaded.",
  },
  PARTITION_OPTION_UNSUPPORTED: {
    title: "Partitions cannot have this option",
    explanation:
      "`plan` keeps its options as JSON for all partitions, `runPartition` takes them from the plan, and none of the calls can refresh. Nothing was read or loaded.",
  },
  EXCHANGE_INVALID: {
    title: "The exchange is no path of a folder",
    explanation: "`exchange` is the path of a folder that all processes reach, as text. Nothing was read or written.",
  },
  PARTITIONS_MISSING: {
    title: "Partitions of the plan are missing",
    explanation:
      "`commit` loads all partitions or nothing. The message lists those that were not given. Run them and commit again; what was done stays in the exchange folder.",
  },
  PARTITION_MANIFEST_INVALID: {
    title: "This is no manifest of a partition",
    explanation:
      "`commit` takes what `runPartition` gave, as it was, of one plan of this pipeline. Nothing was loaded.",
  },
  PARTITION_DATA_MISSING: {
    title: "What a partition left is not in the exchange folder",
    explanation:
      "The folder of an attempt was removed, or this process does not reach it. Run the partition again and commit with its new manifest. Nothing was loaded.",
  },
} as const satisfies Record<string, ErrorEntry>;
