import type { ErrorEntry } from "../error-entry.js";

export const packageErrors = {
  PIPELINE_NAME_INVALID: {
    title: "The name of a pipeline cannot be used",
    explanation:
      "The name is also the name of a folder on every system: not empty, none of `. % { }`, no slashes, no control characters, no name that Windows reserves. Nothing was read or written.",
  },
  PIPELINE_BUSY: {
    title: "Another process works on this pipeline",
    explanation:
      "A pipeline has one writer at a time. The message names the process. Wait for it, ask to wait with a time limit, or give the pipelines different names. Nothing was changed.",
  },
  PIPELINE_CLAIM_LOST: {
    title: "Another process took this pipeline over",
    explanation:
      "This process gave no sign of life for so long (it was suspended, or its disk was away) that another one took over. It stops before it commits anything; what it had not committed will be extracted again by the next run.",
  },
  WORKING_FOLDER_FOREIGN: {
    title: "The working folder belongs to another program",
    explanation:
      "The folder has the layout of Python dlt. The two keep different files there, so each needs a folder of its own; what they share is the dataset at the destination. Nothing was changed.",
  },
  LOAD_ID_INVALID: {
    title: "A load id is not a time",
    explanation:
      "Load ids are seconds since 1970 with decimals; the next one has to be greater than all before it. Another program wrote this one.",
  },
  SCHEMA_FILE_NAME_INVALID: {
    title: "The name of a schema cannot be the name of a file",
    explanation:
      "Schemas are kept in files of their name, so the name may hold no `.`, slash or other sign that leads elsewhere. Nothing was changed.",
  },
  STORAGE_FULL: {
    title: "There is no space left",
    explanation:
      "The disk or the quota is used up. Everything committed is safe and nothing half-written counts. Make space and run again: the run resumes where it stopped.",
  },
  STORAGE_NOT_WRITABLE: {
    title: "A folder or file cannot be written",
    explanation:
      "The process lacks the permission, or the file system is read-only. Give the permission, or choose another place with the `pipelinesDir` option or DLT_DATA_DIR. Everything committed is safe.",
  },
  STORAGE_FAILED: {
    title: "A file operation failed",
    explanation:
      "The system refused to read, write or move a file; the message has its reason. Everything committed is safe; run again once the reason is gone.",
  },
  STATE_DOCUMENT_INVALID: {
    title: "A pipeline state cannot be read",
    explanation:
      "The text is not a pipeline state document: it was damaged, or written by something else. Drop the local state to take it from the destination again, or repair the row of `_dlt_pipeline_state`.",
  },
  STATE_OF_OTHER_PIPELINE: {
    title: "A state belongs to another pipeline",
    explanation:
      "The document at the destination names another pipeline than the one that asked for it. Nothing was changed.",
  },
  STATE_ENGINE_TOO_NEW: {
    title: "A pipeline state was written by a newer version",
    explanation:
      "Reading it with this version could lose what it holds. Update the @dlt packages. Nothing was changed.",
  },
  REJECTS_NOT_FOUND: {
    title: "No rows of a table were rejected",
    explanation:
      "`replayRejects` was given the name of a table that `_dlt_rejects` does not have. Names are those of the destination, e.g. `orders__lines`. Nothing was changed.",
  },
  REJECTS_NOT_REPLAYABLE: {
    title: "Rejected rows cannot be added to their table",
    explanation:
      "A history (`scd2`) takes all rows of a load at once and ends those that are missing, so that some rows alone would end all others. Run the source again instead.",
  },
  DROP_SELECTION_INVALID: {
    title: "What is to be dropped cannot be told",
    explanation:
      "A pipeline drops tables and state of resources of one of its schemas. The schema is not there, or a pattern of names or a path into the state cannot be read. Nothing was changed.",
  },
  REFRESH_WITH_PENDING_PACKAGES: {
    title: "A refresh was asked for while packages are pending",
    explanation:
      "Pending packages hold tables that are not known yet, and would be loaded beside what the refresh reads again. Load them with `run()`, or give them up with `dropPending()`.",
  },
  PACKAGE_NOT_FOUND: {
    title: "There is no such load package",
    explanation:
      "No package of this load id is in the stage that was asked for. It may have been loaded or dropped meanwhile.",
  },
  PACKAGE_UNREADABLE: {
    title: "A file of a load package cannot be read",
    explanation:
      "Files of a load package are written by this library only, so the folder was damaged or belongs to another version. Restore it, or drop the local working folder: state and schemas then come from the destination, and the rows are fetched again.",
  },
  LOAD_PACKAGE_FAILED: {
    title: "Jobs of a load package failed for good",
    explanation:
      "The destination refused rows in a way that trying again does not change. The package is kept, and nothing new is extracted before it is loaded or dropped. A run tries the failed jobs once more first; `dropPending()` gives the package up and puts the state back, so that the rows are fetched again.",
  },
  PIPELINE_NOT_FOUND: {
    title: "There is no pipeline of this name to go on with",
    explanation:
      "`attach` opens a pipeline that ran before: its working folder on this machine, or, where there is none, its state at the destination. It found neither. Nothing was left behind.",
  },
  PIPELINE_CLOSED: {
    title: "The pipeline object was closed",
    explanation:
      "A closed pipeline takes no more calls. What was committed is kept; another object of the same name goes on with it.",
  },
  PIPELINE_DRY_RUN_ONLY: {
    title: "Runs are only planned, and a call asked for more",
    explanation:
      "The program was started so that its runs only show what they would do (`dlt plan`, `observeRuns`). Calls that would change a pipeline or its destination, such as `drop`, `extract` or `sqlClient`, are refused.",
  },
  PIPELINE_STOPPED: {
    title: "The run was asked to stop",
    explanation:
      "A signal was aborted or the pipeline was closed. Nothing new was begun; what was committed is kept, and the next run goes on with it.",
  },
  PIPELINE_SYNC_FAILED: {
    title: "State and schemas could not be taken from the destination",
    explanation:
      "An error that the library does not know came up; it is the cause. Local state and schemas are as they were.",
  },
  PIPELINE_NORMALIZE_FAILED: {
    title: "Normalizing failed",
    explanation: "An error that the library does not know came up; it is the cause. The extracted package is kept.",
  },
  PIPELINE_LOAD_FAILED: {
    title: "Loading failed",
    explanation: "An error that the library does not know came up; it is the cause. The load package is kept.",
  },
} as const satisfies Record<string, ErrorEntry>;
