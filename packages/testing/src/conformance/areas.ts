import { append } from "./cases/append.js";
import { crashAndResume } from "./cases/crash-and-resume.js";
import { errors } from "./cases/errors.js";
import { history } from "./cases/history.js";
import { importedFiles } from "./cases/imported-files.js";
import { keyedMerges } from "./cases/merge.js";
import { models } from "./cases/models.js";
import { names } from "./cases/names.js";
import { preparing } from "./cases/preparing.js";
import { rejectedRows } from "./cases/rejected-rows.js";
import { repeatedJobs } from "./cases/repeated-jobs.js";
import { replace } from "./cases/replace.js";
import { schemaEvolution } from "./cases/schema-evolution.js";
import { sql } from "./cases/sql.js";
import { staging } from "./cases/staging.js";
import { state } from "./cases/state.js";
import { values } from "./cases/values.js";
import type { ConformanceArea } from "./conformance-test.js";

/** All that destinations are held to. */
export const conformanceAreas: readonly ConformanceArea[] = [
  values,
  names,
  importedFiles,
  preparing,
  repeatedJobs,
  append,
  replace,
  ...keyedMerges,
  history,
  schemaEvolution,
  models,
  staging,
  state,
  rejectedRows,
  sql,
  errors,
  crashAndResume,
];
