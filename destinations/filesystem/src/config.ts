import { type ConfigGroup, type ConfigOf, type FieldWithNative, setting } from "@dlt/core";
import { parseStoreCredentials, type StoreCredentials, storeCredentialFields } from "@dlt/storage";
import { type DatetimeSource, parseDatetimeSource } from "./layout/datetime.js";
import { type ExtraPlaceholders, parseExtraPlaceholders } from "./layout/placeholders.js";

/** Each of its fields is looked up by itself. */
const credentials: ConfigGroup<StoreCredentials | undefined> &
  FieldWithNative<StoreCredentials | undefined, StoreCredentials | string> = {
  secret: false,
  optional: true,
  doc: "Credentials of the bucket, by the fields of its cloud. Default: those of the surroundings.",
  fields: storeCredentialFields,
  parse: parseStoreCredentials,
};

export const filesystemConfig = {
  bucketUrl: setting<string>({
    doc: "Where the files go: a path, `file:///<path>`, `s3://<bucket>/<path>`, `gs://…`, `az://…` or `abfss://…`.",
  }),
  credentials,
  layout: setting({
    default: "{table_name}/{load_id}.{file_id}.{ext}",
    doc: "Names of the files below the dataset, with placeholders.",
  }),
  extraPlaceholders: setting<ExtraPlaceholders | undefined, ExtraPlaceholders | string>({
    optional: true,
    doc: "Placeholders of your own: texts, and in code functions of the file.",
    parse: parseExtraPlaceholders,
  }),
  currentDatetime: setting<DatetimeSource | undefined>({
    optional: true,
    doc: "What `{YYYY}` and the like tell: a time, and in code a function that gives one. Default: when the load was made.",
    parse: parseDatetimeSource,
  }),
  maxStateFiles: setting({
    default: 100,
    doc: "Files of earlier states that are kept for a pipeline. 0: all.",
  }),
};

/** Settings of the destination; names in files and variables are snake_case. */
export type FilesystemConfig = ConfigOf<typeof filesystemConfig>;
