import type { ErrorEntry } from "../error-entry.js";

export const sourceErrors = {
  RESOURCE_NAME_MISSING: {
    title: "A resource has no name",
    explanation:
      "The name is the default name of the table and the key of the saved state. Rows given to `run` directly take `tableName`.",
  },
  RESOURCE_DATA_MISSING: {
    title: "A resource gave nothing at all",
    explanation: "A function that has no rows gives an empty list. Nothing of this run was kept.",
  },
  RESOURCE_DATA_UNSUPPORTED: {
    title: "A resource gave something that is not rows",
    explanation:
      "Rows come as arrays, iterables, generators, streams, or promises of these; JSON text and columns come as pages. The message says what was found.",
  },
  RESOURCE_OPTION_INVALID: {
    title: "An option of a resource cannot be used",
    explanation: "The message has the option and the value that was given. Nothing was read.",
  },
  RESOURCE_PARTITIONS_INVALID: {
    title: "The parts of a resource are not JSON",
    explanation:
      "What `partitions` gives travels to other processes as JSON: a list of plain values, lists and objects. Dates and big integers go as text. Nothing was read.",
  },
  RESOURCE_HINTS_INCONSISTENT: {
    title: "Hints depend on the row although the table does not",
    explanation:
      "Rows of one table have one set of hints. Hints that are functions of the row need a `tableName` that is a function too; those of a table variant have its name, and neither functions nor a cursor.",
  },
  RESOURCE_ARGUMENTS_MISSING: {
    title: "A resource that takes arguments was not called",
    explanation:
      "What `resource` and `transformer` make of a function with a parameter for arguments is called with them first: `issues({ repo })`. A parameter with a default value (`= {}`) need not be given.",
  },
  RESOURCE_ARGUMENTS_UNEXPECTED: {
    title: "A resource that has its arguments was called again",
    explanation: "Arguments are given once, to what `resource` made; each such call makes a copy. Nothing was changed.",
  },
  RESOURCE_HINTS_TOO_LATE: {
    title: "Rows have to be loaded at once with rows that may be loaded already",
    explanation:
      "In a run that is cut into epochs, earlier rows of a table may be loaded when a page asks for `replace`, a merge key or the like, which concern all rows of a load, or when rows are sent to a table of another resource that has been replaced by then; or the run is stopped when only some of such rows were read. What was loaded up to the last epoch is kept; the rest was not.",
  },
  RESOURCE_DUPLICATE: {
    title: "Two resources of a source have the same name",
    explanation: "Names tell resources apart: their tables, their state, and what is selected.",
  },
  RESOURCE_UNKNOWN: {
    title: "A source has no resource of this name",
    explanation: "The message lists those it has. Nothing was changed.",
  },
  RESOURCE_NOT_CONNECTED: {
    title: "A transformer is not connected to a resource",
    explanation:
      "A transformer makes rows from the rows of a resource; pipe that resource to it and load what `pipe` gives.",
  },
  RESOURCE_NOT_A_TRANSFORMER: {
    title: "A resource was piped to what takes no rows",
    explanation:
      "`pipe` takes a transformer, or a function that is called with each row. Another resource reads rows of its own. Nothing was changed.",
  },
  RESOURCE_EXHAUSTED: {
    title: "Rows that can be read only once were read before",
    explanation: "A generator object, a stream or a response has no rows left. Give a function that makes a new one.",
  },
  RESOURCE_FAILED: {
    title: "Code of a resource threw an error",
    explanation:
      "A generator, a step or a transformer failed. The message names source, resource, step, page and row; the cause is the error that was thrown. Nothing of this run was kept.",
  },
  ARROW_TYPE_UNSUPPORTED: {
    title: "An Arrow table has a column of a type that cannot be loaded",
    explanation: "Durations and intervals have no data type here. Convert the column, or leave it out.",
  },
  ARROW_VALUE_UNSUPPORTED: {
    title: "An Arrow table has a value that would have to be changed",
    explanation:
      "Timestamps are kept in microseconds, and dates without a time of day. What does not fit is neither rounded nor cut.",
  },
  PAGE_WITHOUT_ROWS: {
    title: "A page cannot be looked into",
    explanation:
      "Rows that are encoded for a certain destination, files that are loaded as they are, and queries that are run there have no rows on the way; steps, cursors and hints that depend on the row cannot be applied to them.",
  },
  SOURCE_RESOURCES_MISSING: {
    title: "A source has no function that gives resources",
    explanation:
      "The second argument of `source` is a function that returns an array of resources, or a promise of one.",
  },
  INCREMENTAL_OPTION_INVALID: {
    title: "An option of an incremental cursor cannot be used",
    explanation: "The message has the option and the value that was given. Nothing was read.",
  },
  INCREMENTAL_NOT_DECLARED: {
    title: "There is no cursor to change",
    explanation:
      "Options and bare values change the cursor that a resource has. A resource without one takes a whole cursor, or options with their `cursorPath`. Nothing was read.",
  },
  INTERVAL_INVALID: {
    title: "The interval of a run cannot be read",
    explanation:
      "Start and end are times in ISO 8601, as `2024-01-02T03:04:05Z`, in UTC where they have no zone; the end is not before the start. Nothing was read.",
  },
  EXTERNAL_SCHEDULER_NOT_AVAILABLE: {
    title: "A cursor takes its range from a scheduler, and there is no interval",
    explanation:
      "An interval has both ends. It comes from `run(data, { interval })`, from the arguments `--interval-start` and `--interval-end`, or from the environment. Nothing was read, and no state was changed.",
  },
  SCHEDULER_NOT_JOINED: {
    title: "A cursor cannot take the interval of a scheduler as its range",
    explanation:
      "The interval is turned into values of the cursor's type, which has to be known: a timestamp, a date, or seconds since 1970. Text is never read as a time. Nothing was read.",
  },
  CURSOR_STATE_MISSING: {
    title: "There is no state of such a cursor",
    explanation: "A cursor has state once its resource was read without an `endValue`.",
  },
  CURSOR_PATH_INVALID: {
    title: "The path of a cursor cannot be read",
    explanation:
      "A path is the name of a field, or a JSONPath without filters and slices. Names with other characters go into quotation marks.",
  },
  CURSOR_VALUE_MISSING: {
    title: "A row has no value for the cursor",
    explanation:
      "The field is not there. Such rows can be included or left out with `onCursorValueMissing`. Nothing of this run was kept.",
  },
  CURSOR_VALUE_NULL: {
    title: "The cursor of a row is null",
    explanation: "Such rows can be included or left out with `onCursorValueMissing`. Nothing of this run was kept.",
  },
  CURSOR_NOT_COMPARABLE: {
    title: "Values of a cursor cannot be compared",
    explanation:
      "Text, numbers, dates and date-times have no order among each other, nor have date-times with and without a time zone. It also happens where the stored last value has another type than the rows. Nothing of this run was kept.",
  },
  CURSOR_OUT_OF_ORDER: {
    title: "Rows are not in the order that their cursor is declared with",
    explanation:
      'In a run that is cut into epochs, a cursor with `rowOrder: "asc"` tells where the next run goes on. A row that comes after later ones would be lost then. What was loaded up to the last epoch is kept; the rest was not.',
  },
  CURSOR_KEY_MISSING: {
    title: "A row lacks a field of the key that tells rows apart",
    explanation:
      "Rows at the last value of a cursor are remembered by their key, so that the next run does not load them again. Nothing of this run was kept.",
  },
  CURSOR_LAG_UNSUPPORTED: {
    title: "A lag cannot be applied to the last value of a cursor",
    explanation:
      "A lag is subtracted from numbers, dates, date-times and text in the common forms of ISO 8601. The value that the last run stored is none of these. Nothing was read.",
  },
  PAGE_ENCODING_UNSUPPORTED: {
    title: "A page has an encoding that cannot be loaded here",
    explanation:
      "Rows that are encoded for a certain destination can only be loaded there. Nothing of this run was kept.",
  },
  MODEL_DESTINATION_MISSING: {
    title: "A query was extracted before it was known where it is to run",
    explanation:
      "The destination tells the columns of a query while it is extracted, so that they are part of the schema and held against its contract. Nothing of this run was kept.",
  },
  FILE_COLUMNS_UNKNOWN: {
    title: "A file is to be loaded as it is, and its table has no columns",
    explanation:
      "Nothing in such a file is looked at, so that its columns have to be known: from hints, or from rows that were loaded before. Nothing of this run was kept.",
  },
  SOURCE_FILE_UNREADABLE: {
    title: "A file with rows cannot be read",
    explanation:
      "It does not exist, is a folder or empty, or may not be read. The message has the full path. Nothing of this run was kept.",
  },
  SOURCE_RESPONSE_FAILED: {
    title: "A server did not answer with rows",
    explanation: "The status of the answer tells why. Nothing of this run was kept.",
  },
  SCHEMA_OPTION_INVALID: {
    title: "What a call was given as its schema is none",
    explanation:
      "`schema` of `run` and `extract` is a stored schema document, the URL of a YAML or JSON file that holds one, or a schema that a pipeline shows. Its name says which schema the rows belong to.",
  },
  STATE_NOT_AVAILABLE: {
    title: "There is no state to read here",
    explanation:
      "State belongs to a pipeline and a source. Functions of resources and their steps have it while they run; elsewhere the pipeline that was made last is asked, for the source that is named or the one of its default schema.",
  },
  SOURCE_STATE_INVALID: {
    title: "A state has a value that cannot be stored",
    explanation:
      "State is JSON and typed values. Functions, class instances without JSON and cycles cannot be kept. Nothing of this run was kept.",
  },
  JSON_TEXT_CUT: {
    title: "A JSON text is cut off or does not hold together",
    explanation:
      "The text ends within a value, or something follows where nothing may. The message has the position. Nothing of this run was kept.",
  },
  SOURCE_ROW_INVALID: {
    title: "A row has a value that no column can hold",
    explanation:
      "Functions, symbols, promises, errors, cycles and integers beyond 64 bits cannot be stored, nor what throws when it is read. The message names the row and the path within it; what was thrown is the cause. Nothing of that page was kept.",
  },
  PIPELINE_EXTRACT_FAILED: {
    title: "Extracting failed",
    explanation:
      "An error that the library does not know came up while rows were read; it is the cause. Nothing of this extract was kept, and the state is as it was.",
  },
} as const satisfies Record<string, ErrorEntry>;
