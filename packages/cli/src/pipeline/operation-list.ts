import type { CommandEntry } from "../command-entry.js";

/** What can be done with one pipeline, in the order in which it is listed. */
export const operationList: readonly CommandEntry[] = [
  {
    name: "run",
    summary: "run a program: a TypeScript or JavaScript file that runs pipelines",
    load: () => import("../commands/pipeline-run.js"),
  },
  {
    name: "info",
    summary: "tell state, resources, tables and packages",
    load: () => import("../commands/pipeline-info.js"),
  },
  {
    name: "show",
    summary: "show what is loaded: tables with their rows counted, or rows of one table",
    load: () => import("../commands/pipeline-show.js"),
  },
  {
    name: "trace",
    summary: "tell how the last run went, step by step",
    load: () => import("../commands/pipeline-trace.js"),
  },
  {
    name: "schema",
    summary: "print a schema as YAML, JSON or a diagram",
    load: () => import("../commands/pipeline-schema.js"),
  },
  {
    name: "types",
    summary: "print TypeScript types of its tables",
    load: () => import("../commands/pipeline-types.js"),
  },
  {
    name: "load-package",
    summary: "tell what is in a load package: jobs, rows, schema changes",
    load: () => import("../commands/pipeline-load-package.js"),
  },
  {
    name: "failed-jobs",
    summary: "list jobs that failed for good, with the reason of each",
    load: () => import("../commands/pipeline-failed-jobs.js"),
  },
  {
    name: "retry-failed",
    summary: "run jobs again that failed for good, and finish their packages",
    load: () => import("../commands/pipeline-retry-failed.js"),
  },
  {
    name: "drop-pending-packages",
    summary: "give up packages that are not loaded; their rows are fetched again",
    load: () => import("../commands/pipeline-drop-pending-packages.js"),
  },
  {
    name: "drop",
    summary: "drop tables of resources and forget their state",
    load: () => import("../commands/pipeline-drop.js"),
  },
  {
    name: "sync",
    summary: "replace what is local by the state and schemas of the destination",
    load: () => import("../commands/pipeline-sync.js"),
  },
];
