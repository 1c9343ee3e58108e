import type { ErrorEntry } from "../error-entry.js";

export const destinationErrors = {
  DESTINATION_CREDENTIALS_INVALID: {
    title: "The credentials of a destination cannot be used",
    explanation:
      "They have the wrong form, name a setting or a place that the destination does not have, or are not the key of the file.",
  },
  DESTINATION_IN_MEMORY: {
    title: "A database in memory would be lost",
    explanation: "Its rows are gone when the session ends. Name a file, or hand over an open instance that you keep.",
  },
  DESTINATION_PATH_UNUSABLE: {
    title: "The file of a destination cannot be opened or made",
    explanation: "A folder of its path is missing, something else is in its place, or access is denied.",
  },
  DESTINATION_LOGIN_REFUSED: {
    title: "The destination refuses the login",
    explanation:
      "User name, password or certificate are wrong, or the server's rules do not let this user in from here.",
  },
  DESTINATION_UNREACHABLE: {
    title: "The destination cannot be reached",
    explanation:
      "The host is unknown, nothing answers there, or it starts or shuts down. Nothing was changed; what was extracted is kept.",
  },
  DESTINATION_TLS_FAILED: {
    title: "An encrypted connection could not be made",
    explanation: "The server offers none, or its certificate is not signed by what is trusted or is for another host.",
  },
  DESTINATION_CONNECTION_LOST: {
    title: "The connection was lost during work",
    explanation:
      "The server rolls back what was not committed. The load package is kept; a job that is run again adds no rows twice.",
  },
  DESTINATION_BUSY: {
    title: "The destination takes no more connections",
    explanation: "As many are open as it allows. Nothing was changed; run again later, or with fewer jobs at once.",
  },
  DESTINATION_DATABASE_MISSING: {
    title: "The database is not there",
    explanation: "The server has no database of this name. Databases are not made by a load; schemas and tables are.",
  },
  DESTINATION_PRIVILEGE_MISSING: {
    title: "The user may not do something at the destination",
    explanation: "A right to a database, schema or table is missing. The transaction was rolled back.",
  },
  DESTINATION_COLUMN_TYPE_DIFFERS: {
    title: "A stored column has a type that the values of a file cannot become",
    explanation:
      "Somebody changed the column after it had been made. Values are converted only where nothing can be lost. No row of the file was loaded.",
  },
  DESTINATION_LOCKED: {
    title: "Somebody else has the database open",
    explanation:
      "An embedded database has one writing process at a time. What was extracted is kept; run again when the other is done.",
  },
  DESTINATION_FILE_INVALID: {
    title: "The file is not a database of this kind",
    explanation: "It was made by another program, by a newer version of the database, or is damaged.",
  },
  DESTINATION_READ_ONLY: {
    title: "The destination cannot be written to",
    explanation: "It was opened for reading only, or the file or its folder is write-protected.",
  },
  DESTINATION_STORAGE_FULL: {
    title: "The destination has no space left",
    explanation: "The transaction was rolled back and the load package is kept: free space and run again.",
  },
  DESTINATION_OUT_OF_MEMORY: {
    title: "The database ran out of memory",
    explanation:
      "The transaction was rolled back and the load package is kept. Give it more memory, or run fewer jobs at once.",
  },
  DESTINATION_INVALIDATED: {
    title: "The database gave up after a fatal error",
    explanation: "It takes no more statements in this process. What was committed is safe; run again in a new process.",
  },
  DESTINATION_EXTENSION_MISSING: {
    title: "An extension of the database is not there",
    explanation:
      "The settings ask for an extension, or need one, that is neither built in nor in the extension folder, and could not be installed.",
  },
  DESTINATION_TABLE_MISSING: {
    title: "A table or schema is not there",
    explanation:
      "It was dropped or renamed by somebody else after it had been made. Stored tables are not compared on every load.",
  },
  DESTINATION_COLUMN_MISSING: {
    title: "A column is not there",
    explanation:
      "It was dropped or renamed by somebody else after it had been made. Stored tables are not compared on every load.",
  },
  DESTINATION_VALUE_REFUSED: {
    title: "A value does not fit its column",
    explanation:
      "It is out of range, has another type than the column, or breaks a constraint. No row of the file was loaded.",
  },
  DESTINATION_COLUMN_REQUIRED: {
    title: "A column that takes no null cannot be added to a table that has rows",
    explanation:
      "The database would not know what to put into the rows that are there. The preparation of the load was undone; the load package is kept.",
  },
  DESTINATION_TYPE_UNSUPPORTED: {
    title: "The destination has no type for a column",
    explanation: "The data type, its precision or its scale is beyond what the destination can hold.",
  },
  DESTINATION_NAMES_COLLIDE: {
    title: "Two names are the same at the destination",
    explanation: "Identifiers that differ in case only are one and the same where case does not count.",
  },
  DESTINATION_NAME_TOO_LONG: {
    title: "A name is longer than the destination allows",
    explanation: "Names are shortened when a schema is made for a destination; this one was made for another.",
  },
  DESTINATION_FORMAT_UNSUPPORTED: {
    title: "The destination does not load files of this format",
    explanation: "Its capabilities list the formats that it loads.",
  },
  MODEL_QUERY_INVALID: {
    title: "A query cannot make the rows of a table",
    explanation:
      "A query of `sqlModel` is one SELECT without parameters, over what is at the destination. It is several statements, another one, not valid SQL, or reads what is not there. Its text is not shown, since it may hold secrets. While it is extracted, nothing of the run is kept.",
  },
  MODEL_DIALECT_UNSUPPORTED: {
    title: "A query is in another dialect of SQL than the destination's",
    explanation: "Queries are run as they are; they are not translated from one dialect to another.",
  },
  DESTINATION_FILE_COLUMNS_DIFFER: {
    title: "A file that is loaded as it is does not have the columns of its table",
    explanation:
      "It has columns that the table lacks, which would be lost. Columns are found by the names that the table has, whatever their order; those that the file lacks become null.",
  },
  DESTINATION_LOAD_FILE_UNREADABLE: {
    title: "A load file cannot be read",
    explanation:
      "It is missing or damaged; files of a load package are not to be changed. Once the package is dropped, the next run extracts its rows again.",
  },
  DESTINATION_ROWS_DIFFER: {
    title: "A load file gave another number of rows than it was written with",
    explanation: "The transaction was rolled back: the file was changed after it had been written, or read wrongly.",
  },
  DESTINATION_STAGING_CHANGED: {
    title: "Staged rows were changed by something else than their load",
    explanation:
      "Nothing was merged or replaced: another pipeline loaded the same tables through the same staging dataset at the same time, or they were emptied by hand.",
  },
  DESTINATION_CONFLICT: {
    title: "Two transactions changed the same thing",
    explanation: "The later one was rolled back and can be run again.",
  },
  DESTINATION_INTERRUPTED: {
    title: "A statement was stopped",
    explanation: "Its transaction was rolled back. The load package is kept and can be run again.",
  },
  DESTINATION_STATEMENT_INVALID: {
    title: "The database does not understand a statement",
    explanation: "A syntax error, an unknown function, or types that do not go together.",
  },
  DESTINATION_STATEMENT_FAILED: {
    title: "The database refused a statement",
    explanation: "The message of the database says why.",
  },
  DESTINATION_PARAMETERS_MISMATCH: {
    title: "A statement has another number of parameters than values were given",
    explanation: "Every `%s` outside literals and comments takes one value.",
  },
  DESTINATION_RECORD_UNREADABLE: {
    title: "A row of a system table cannot be read",
    explanation: "The `_dlt_` tables are kept by the library; somebody changed a column of one of them.",
  },
  DESTINATION_CLOSED: {
    title: "The session with the destination is closed",
    explanation: "A client was used after it had been disposed of.",
  },
  FILE_MISSING: {
    title: "A file is not there",
    explanation: "It was deleted or renamed, or was never written.",
  },
  FILE_KEY_INVALID: {
    title: "A file cannot have this name",
    explanation:
      "Names of files are parts joined with `/`. None may be empty, `.` or `..`, and none may hold a null character: such names mean other files in some places. Folders allow 255 bytes for each part, buckets 1,024 for all.",
  },
  STAGING_HOLDS_DATASET: {
    title: "The folder of a staging area is a dataset",
    explanation:
      "Files of tables are deleted from a staging area when the next load begins. Where rows were loaded to, this would lose them; nothing was deleted.",
  },
  FILE_STORE_MISSING: {
    title: "The bucket or container is not there",
    explanation: "Buckets are not made by this library: they have a region, rules and a bill.",
  },
  FILE_STORE_DENIED: {
    title: "Access to a file or bucket was denied",
    explanation: "The credentials are wrong or have expired, or their owner may not do what was tried.",
  },
  FILE_STORE_UNAVAILABLE: {
    title: "A file store does not answer, or asks to be left alone for a while",
    explanation:
      "A lost connection, a time-out, a limit of requests. The same may succeed later; the load package is kept.",
  },
  FILE_STORE_FAILED: {
    title: "A file store refused a request",
    explanation: "The message has what the store answered.",
  },
  FILE_PLACEHOLDER_INVALID: {
    title: "A placeholder of a layout got a value that cannot be part of a name",
    explanation:
      "A function of `extraPlaceholders` or `currentDatetime` failed or gave something of another kind, or a value cannot be part of a path. Nothing of the load was changed.",
  },
  DATASET_VERSION_UNSUPPORTED: {
    title: "The files of a dataset are laid out by rules that this version does not know",
    explanation: "Its file `init` says by which. A newer version made it, or something else wrote the file.",
  },
  DESTINATION_FUNCTION_FAILED: {
    title: "The function of a destination failed",
    explanation:
      "The message has the rows that it was given, and what it threw. It is tried again with the same rows, unless its error has `retryable: false`. What it took before is not handed over again.",
  },
  DESTINATION_BATCHES_CHANGED: {
    title: "A file that was begun in batches cannot be handed over as a whole",
    explanation:
      "`batchSize` was set to 0 while a package was pending of which some rows had been handed over. They would come twice, so that nothing more was handed over.",
  },
  LOAD_STATE_INVALID: {
    title: "The state of a load cannot be stored",
    explanation:
      "It holds plain values, lists and objects, and typed values such as `Decimal` and `Timestamp`. The function took the batch with which it changed the state, and is called with that batch again, under the same `batchId`.",
  },
  LOAD_RETRIES_EXHAUSTED: {
    title: "The destination failed again and again",
    explanation:
      "Each attempt ended with an error that may pass: a lost connection, a lock, a limit. The load package is kept; run again once the destination answers. The number of attempts is `load.raise_on_max_retries`.",
  },
  DESTINATION_DISPOSITION_UNSUPPORTED: {
    title: "The destination cannot load with this write disposition",
    explanation:
      "Merging, and replacing from staging, need a step at the destination after the rows are in, which this one may not have. By `skip`, which tables of the library have, nothing is loaded anywhere. Nothing was changed.",
  },
  DESTINATION_TABLE_FORMAT_UNSUPPORTED: {
    title: "The destination does not write tables of this format",
    explanation:
      "A hint of a resource asks for tables in a format of their own, such as Delta or Iceberg, and the destination has none of these. Plain files instead would not be what was asked for. Nothing was changed.",
  },
  LOAD_JOBS_FAILED: {
    title: "Jobs of a load that completed had failed",
    explanation:
      "With `raise_on_failed_jobs = false` a package completes without the rows of its failed jobs. Their load files are kept, and the load info lists them.",
  },
  DESTINATION_DROP_UNSUPPORTED: {
    title: "The destination cannot drop a dataset",
    explanation: "It keeps no state that could be read or dropped. Remove the dataset with its own tools.",
  },
  REJECTS_NOT_READABLE: {
    title: "The destination cannot read rejected rows back",
    explanation:
      "`replayRejects` reads the table `_dlt_rejects`. The destination only takes rows in; read the table with other tools.",
  },
  SQL_CLIENT_NOT_AVAILABLE: {
    title: "The destination does not speak SQL",
    explanation: "A SQL client exists for destinations that are databases or query engines.",
  },
} as const satisfies Record<string, ErrorEntry>;
