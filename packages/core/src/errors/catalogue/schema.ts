import type { ErrorEntry } from "../error-entry.js";

export const schemaErrors = {
  BATCH_INVALID: {
    title: "A column of a batch cannot be used",
    explanation:
      "A buffer is too short for the rows of the batch, an offset or index points outside of what it refers to, or the layout is not one for the column's data type.",
  },
  BATCH_DAMAGED: {
    title: "A stored batch of columns cannot be read",
    explanation: "The file was cut off or changed after it was written. Nothing of it was used.",
  },
  BATCH_VERSION_UNKNOWN: {
    title: "A stored batch of columns was written by a newer version",
    explanation: "Its form is not known here. Load it with the version that extracted it, or extract again.",
  },
  CSV_FIELD_NEEDS_QUOTES: {
    title: "A field cannot be written without quotes",
    explanation:
      "With `quote_none` a field must not have the delimiter, a quote or a line break in it, and a line must not be empty. Use another mode of quoting, another delimiter, or another file format.",
  },
  CSV_BINARY_NOT_TEXT: {
    title: "Binary values cannot be written to a CSV file",
    explanation: "CSV holds text, and the bytes are not UTF-8. Use Parquet or JSON lines for such columns.",
  },
  FILE_VALUE_NULL: {
    title: "A value is missing in a column that is not nullable",
    explanation:
      "A load file is written for a table whose column takes no nulls, and a row has none. The message names table, column and row. Nothing of the batch was written.",
  },
  FILE_VALUE_OUT_OF_RANGE: {
    title: "A value does not fit the column of a load file",
    explanation:
      "A number has more digits than the precision and scale of its column, or more bits. Values are not rounded or cut. Nothing of the batch was written.",
  },
  FILE_COLUMN_TYPE_MISMATCH: {
    title: "A column comes in another data type than its table has",
    explanation:
      "Load files convert only where no meaning can be lost, such as bigint to decimal. Anything else has to be converted before.",
  },
  FILE_NOT_PARQUET: {
    title: "A file is not Parquet, or is damaged",
    explanation:
      "Its end does not say what is in it, a part of it is not what that says, or it is compressed in a way that this version of Node does not know.",
  },
  FILE_COLUMN_NOT_READ: {
    title: "A column of a Parquet file cannot be read",
    explanation: "It is not there, is nested, or has a type that no column has. Flat columns can be read.",
  },
  FILE_VALUE_NOT_READ: {
    title: "A value of a Parquet file would be rounded",
    explanation:
      "Points in time are kept to the microsecond and integers in 64 bits with a sign. The message names column and row.",
  },
  FILE_TEXT_HAS_ZERO: {
    title: "A text has a character that the destination cannot hold",
    explanation:
      "PostgreSQL holds every character but U+0000, in text and in documents. The message names table, column and row. Nothing of the batch was written.",
  },
  COPY_STREAM_INVALID: {
    title: "Bytes are not what COPY writes in its binary form",
    explanation:
      "They were cut off or changed, or come from something else. The message says what was expected. Nothing of them was used.",
  },
  REJECT_UNREADABLE: {
    title: "A rejected row cannot be read back",
    explanation:
      "A row of `_dlt_rejects` is not what the library wrote there: `row_json` is not JSON, or `origin_json` does not say below which row it was. No rejected row was loaded. Restore the row, or delete it.",
  },
  SCHEMA_NAME_INVALID: {
    title: "The name of a schema cannot be used",
    explanation:
      "A schema's name is an identifier of at most 64 characters: letters, digits and `_`, not starting with a digit.",
  },
  SCHEMA_DOCUMENT_INVALID: {
    title: "A schema document is not what it should be",
    explanation:
      "It is not JSON of the expected shape, or has a key or value that schemas do not have. The message names the place. Keys of your own start with `x-`.",
  },
  SCHEMA_FILE_UNREADABLE: {
    title: "A schema file cannot be read",
    explanation:
      "It is not YAML or JSON at the line and column that the message names, or its name does not say which of the two it is. Nothing was changed: the pipeline keeps the schema that it has.",
  },
  SCHEMA_FILE_MISSING: {
    title: "A schema file is not there",
    explanation:
      "A source was given the path of a file that does not exist. Relative paths start from the current folder.",
  },
  SCHEMA_FILE_NAME_DIFFERS: {
    title: "A schema has another name than its place says",
    explanation:
      "The `name` in a schema is that of its file in the import folder, and that of the source which is given it. Nothing was changed.",
  },
  SCHEMA_ENGINE_UNKNOWN: {
    title: "A schema document was written by a newer version",
    explanation:
      "Its engine version is not known here, so that it cannot be read without losing something. Update the library.",
  },
  SCHEMA_CORRUPTED: {
    title: "A schema contradicts itself",
    explanation:
      "A system table is missing, names collide, or a nested table would stay without its parent. The message says which.",
  },
  SCHEMA_NORMALIZER_UNKNOWN: {
    title: "A schema names a normalizer that does not exist here",
    explanation: "Only the relational normalizers are known, with and without the conversion of values.",
  },
  SCHEMA_SETTINGS_INVALID: {
    title: "A setting of a schema cannot be used",
    explanation: "A detection is unknown, or a hint cannot be a default for all columns that match a rule.",
  },
  SCHEMA_RULE_INVALID: {
    title: "A rule for names is not valid",
    explanation: "A rule is an exact name, or `re:` and a regular expression in the dialect of Python's `re`.",
  },
  SCHEMA_IDENTIFIERS_FROZEN: {
    title: "Another naming convention would rename tables that hold data",
    explanation:
      "Tables at the destination keep their names, so that the rows would go to new tables. Keep the naming convention, or set `allow_identifier_change_on_table_with_data`.",
  },
  SCHEMA_TABLE_NOT_FOUND: {
    title: "A schema has no table of this name",
    explanation: "Names are normalized: `Orders` is `orders` under snake_case.",
  },
  SCHEMA_COLUMN_NOT_FOUND: {
    title: "A table has no column of this name",
    explanation:
      "Names are normalized: `unitPrice` is `unit_price` under snake_case. The message names the nearest one.",
  },
  SCHEMA_PARENT_NOT_FOUND: {
    title: "A nested table has no parent",
    explanation: "Tables are nested one level at a time. Declare the tables between, even without hints.",
  },
  SCHEMA_TABLE_CONFLICT: {
    title: "A table cannot be merged with another definition",
    explanation: "Name, parent and the kind of the table (root or nested) never change once it exists.",
  },
  SCHEMA_TYPE_CONFLICT: {
    title: "A column would change its data type",
    explanation: "Columns keep the type they were made with. Values of other types go to variant columns.",
  },
  SCHEMA_HINTS_INVALID: {
    title: "The hints of a table cannot be used",
    explanation: "A hint has a value outside of what is allowed, or contradicts another. The message names the hint.",
  },
  SCHEMA_COLUMN_UNBOUND: {
    title: "A column that may not be null never came with the data",
    explanation:
      "It was declared without a data type, usually as a key, and no row had it. Check the name, or declare a data type.",
  },
  SCHEMA_NAME_COLLISION: {
    title: "Two names become one at the destination",
    explanation:
      "The destination does not tell them apart by case. Use a naming convention that is not case-sensitive, or rename one.",
  },
  SCHEMA_NAME_TOO_LONG: {
    title: "A name is longer than the destination allows",
    explanation:
      "Names are shortened when they are normalized for a destination; this schema was made for another one.",
  },
  SCHEMA_TYPE_UNSUPPORTED: {
    title: "The destination has no column type for a data type",
    explanation: "Give the column another data type, or load to another destination.",
  },
  SCHEMA_STRATEGY_UNSUPPORTED: {
    title: "The destination cannot write a table the way its hints ask",
    explanation: "The message lists what it can do. Choose one of these, or leave the strategy out.",
  },
  SCHEMA_KEY_MISSING: {
    title: "A write disposition needs a key that the table does not have",
    explanation: "Rows are found again by their primary key. Declare one, or use another strategy.",
  },
  SCHEMA_CONTRACT_TABLE: {
    title: "The schema contract refuses a new table",
    explanation: "The mode for `tables` is `freeze`. Nothing of this load was written; the extracted data is kept.",
  },
  SCHEMA_CONTRACT_COLUMN: {
    title: "The schema contract refuses a new column",
    explanation: "The mode for `columns` is `freeze`. Nothing of this load was written; the extracted data is kept.",
  },
  SCHEMA_CONTRACT_DATA_TYPE: {
    title: "The schema contract refuses another data type",
    explanation:
      "The mode for `data_type` is `freeze`: no variant columns, and no change of type, precision, scale, time zone or nullability. Nothing of this load was written; the extracted data is kept.",
  },
  JSON_TEXT_INVALID: {
    title: "A text is not valid JSON",
    explanation:
      "The message names the byte and the line where it goes wrong, and what was expected there. The text itself is not shown.",
  },
  JSON_VALUE_INVALID: {
    title: "A value cannot be written as JSON",
    explanation:
      "Functions, symbols, promises, cycles and integers beyond 64 bits have no JSON. The message names the path to the value.",
  },
  DECIMAL_TEXT_INVALID: {
    title: "A text is not a decimal number",
    explanation: "Digits with an optional sign, fraction and exponent are read, and `NaN` and `Infinity`.",
  },
  TIMESTAMP_OUT_OF_RANGE: {
    title: "A timestamp cannot be held",
    explanation: "Timestamps are within the years 1 to 9999, in their own time zone. An invalid `Date` is none at all.",
  },
  DATE_OUT_OF_RANGE: {
    title: "A date cannot be held",
    explanation: "Dates exist in the calendar and are within the years 1 to 9999.",
  },
  TIME_OUT_OF_RANGE: {
    title: "A time of day cannot be held",
    explanation: "Times of day are within 00:00:00 and 23:59:59.999999; there is no 24:00 and no leap second.",
  },
  IDENTIFIER_EMPTY: {
    title: "A name is empty",
    explanation: "Tables and columns need a name with at least one character besides white space.",
  },
  NAMING_CONVENTION_UNKNOWN: {
    title: "A naming convention is not known",
    explanation:
      "The conventions that exist are listed in the message. Modules of Python dlt are known by their name; conventions of your own have to be given to the pipeline, under the name that the schema has.",
  },
  NAMING_CONVENTION_INVALID: {
    title: "A naming convention of your own cannot be used",
    explanation:
      "It has a name of its own and a separator, gives a text for every name, keeps the common prefix of system tables, and leaves as it is what it wrote before.",
  },
  NAMING_LENGTH_INVALID: {
    title: "Names cannot be shortened to this length",
    explanation:
      "A shortened name carries a tag of six characters, so the limit is at least six; `s3_tables` has at most 255.",
  },
  COLUMN_NULL_REFUSED: {
    title: "A row has null in a column that takes none",
    explanation:
      "The column is declared, or matched by a default hint, as not nullable. Nothing of the package was committed; what was extracted is kept.",
  },
  COLUMN_VALUE_NOT_CONVERTIBLE: {
    title: "A value fits neither its column nor the variant of it",
    explanation:
      "A value that a column cannot take goes to a variant column, named after the value's type. That column has got another type before, so that there is no place left. Declare the type of the column.",
  },
  COLUMN_VALUE_OUT_OF_RANGE: {
    title: "A value is too large for its column",
    explanation:
      "Integers of a column have 64 bits, decimals the precision of the column or of the destination. Declare the column as text or with more digits.",
  },
  COLUMN_NAMES_COLLIDE: {
    title: "Two columns of a batch or a query get the same name",
    explanation: "Names that differ in spelling become equal under the naming convention.",
  },
  COLUMN_TYPE_DIFFERS: {
    title: "A batch of columns or a query brings a column in another type than the table has",
    explanation:
      "Columns of a batch are converted where nothing can be lost, such as integers to double; one of a query has to be of the type, since its values are not seen. Convert the column before the batch is yielded, or in the query.",
  },
  MODEL_ROW_ID_MISSING: {
    title: "A query gives no ids for the rows of a table that makes them from their content",
    explanation:
      "With the merge strategies `upsert`, `insert-only` and `scd2` the id of a row is a hash of its key or of the whole row. Rows that a query makes at the destination are not seen, so that the query has to give the id.",
  },
  ROW_KEY_MISSING: {
    title: "A row lacks a part of its primary key",
    explanation: "With the merge strategies `upsert` and `insert-only` the id of a row is made from its primary key.",
  },
  ROW_TEXT_INVALID: {
    title: "The JSON text of a row cannot be read",
    explanation:
      "Rows of JSON text are values in one array, or values separated by white space. The cause says at which byte the text departs from JSON.",
  },
} as const satisfies Record<string, ErrorEntry>;
