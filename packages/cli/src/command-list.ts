import type { CommandEntry } from "./command-entry.js";

/** The commands of `dlt`, in the order in which they are listed. */
export const commandList: readonly CommandEntry[] = [
  {
    name: "pipeline",
    summary: "run a pipeline, look into it, or mend it",
    load: () => import("./commands/pipeline.js"),
  },
  {
    name: "plan",
    summary: "show what the runs of a program would load, without loading anything",
    load: () => import("./commands/plan.js"),
  },
  {
    name: "load",
    summary: "load rows from a pipe or a file into a table",
    load: () => import("./commands/load.js"),
  },
  {
    name: "init",
    summary: "write a first program, and the settings that its destination needs",
    load: () => import("./commands/init.js"),
  },
  {
    name: "schema",
    summary: "print a schema file in another format",
    load: () => import("./commands/schema.js"),
  },
  {
    name: "types",
    summary: "print TypeScript types of the tables of a pipeline or schema file",
    load: () => import("./commands/types.js"),
  },
  {
    name: "doctor",
    summary: "check that this machine and a destination are ready for loads",
    load: () => import("./commands/doctor.js"),
  },
  {
    name: "deploy",
    summary: "write what runs a program on a schedule in GitHub Actions",
    load: () => import("./commands/deploy.js"),
  },
  {
    name: "explain",
    summary: "explain the code of an error",
    load: () => import("./commands/explain.js"),
  },
  {
    name: "completion",
    summary: "print a script that completes commands in bash, zsh or fish",
    load: () => import("./commands/completion.js"),
  },
];
