import type { ErrorEntry } from "../error-entry.js";

export const configErrors = {
  CONFIG_FIELD_MISSING: {
    title: "A setting that is needed was not found",
    explanation:
      "It was neither given in code nor found in any place that is searched. The message lists every key that was tried, in order: set one of them.",
  },
  CONFIG_VALUE_INVALID: {
    title: "A setting has a value that cannot be used",
    explanation:
      "The text could not be read as the kind of value that is needed, or the setting's own check refused it. The message names the setting and the place; it never shows a secret.",
  },
  CONFIG_SECRET_EXPOSED: {
    title: "A secret stands in a file that is not for secrets",
    explanation: "`config.toml` is usually committed. Move the value to `secrets.toml` or to the environment.",
  },
  CONFIG_FILE_INVALID: {
    title: "A configuration file cannot be read",
    explanation: "The file is not valid TOML at the line and column named, or it cannot be opened.",
  },
  CONFIG_PROVIDER_FAILED: {
    title: "A place of settings does not answer",
    explanation:
      "A place that the application added, such as a vault, could not be reached, refused, or gave something else than sections and values. What it threw is not shown, because it may quote a secret.",
  },
  CONFIG_PROVIDER_DUPLICATE: {
    title: "Two places of settings have the same name",
    explanation: "Messages and traces tell places apart by their names. `secrets.toml` and `config.toml` are taken.",
  },
  CONFIG_SECRET_NOT_FETCHED: {
    title: "A secret was revealed before it came from its vault",
    explanation:
      "A source whose function is synchronous is ready when it is called, so a vault is asked once rows are read. An asynchronous function gets secrets that are there.",
  },
  CONFIG_PROFILE_INVALID: {
    title: "The name of a profile cannot be used",
    explanation: "A profile's name is part of file names: letters, digits, `_` and `-`.",
  },
  CONNECTION_STRING_INVALID: {
    title: "A connection string cannot be read",
    explanation:
      "It has the form `driver://username:password@host:port/database?option=value`. Signs that have a meaning there are percent-encoded in user and password.",
  },
  SCHEMA_FILE_FORMAT_UNSUPPORTED: {
    title: "Schemas cannot be imported or exported in this format",
    explanation:
      "`external_schema_format` is `yaml` or `json` here. Python dlt can also draw pictures of a schema, which nobody can read back.",
  },
  DESTINATION_NOT_FOUND: {
    title: "No destination of this name is installed",
    explanation:
      "A destination given by name is looked up as a package, from the folder of the main script and from the working folder. Install the package, or give the destination as an object.",
  },
  DESTINATION_NOT_LOADABLE: {
    title: "The package of a destination is installed but does not load",
    explanation:
      "The import failed; the cause has the error. Often a native part is missing for this platform, or the versions do not fit.",
  },
  FILE_STORE_URL_INVALID: {
    title: "The address of a folder or bucket cannot be used",
    explanation:
      "A folder is a path or `file://<path>`; a bucket is `s3://<bucket>/<path>`, `gs://<bucket>/<path>` or `az://<container>/<path>`. Secrets do not belong in it.",
  },
  FILE_STORE_NOT_INSTALLED: {
    title: "The package for a kind of bucket is not installed",
    explanation:
      "Each cloud has a package of its own, so that nobody installs those that they do not use. Install it beside the package that asks for it.",
  },
  FILE_STORE_CREDENTIALS_INVALID: {
    title: "The credentials of a bucket cannot be used",
    explanation: "They have the wrong form, name a field that there is not, or lack one that the others need.",
  },
  FILE_LAYOUT_INVALID: {
    title: "The layout of files cannot be used",
    explanation:
      "A layout names each file by table, load and file: it needs `{table_name}`, `{load_id}` and `{file_id}`, a separator after the table, and only `{schema_name}` before it. Other names have to be known placeholders or declared as `extra_placeholders`, which need a folder for each table.",
  },
  FILE_COMPRESSION_UNAVAILABLE: {
    title: "Load files cannot be compressed in this way here",
    explanation:
      "The compression is part of newer versions of Node only. Use such a version, or one of the compressions that the message names.",
  },
  DATASET_NAMES_EQUAL: {
    title: "The staging dataset would be the dataset itself",
    explanation: "Tables of the staging dataset are emptied by every load, so it needs a name of its own.",
  },
  DESTINATION_INVALID: {
    title: "What was given as a destination is not one",
    explanation: "A pipeline takes the name of a destination, or the object that a destination's factory makes.",
  },
  STAGING_INVALID: {
    title: "What was given as a staging area is none",
    explanation:
      "Load files are put into a staging area, from where the destination copies them. Destinations that keep files can be one, such as `filesystem`.",
  },
  STAGING_UNSUPPORTED: {
    title: "The destination cannot copy from this staging area",
    explanation:
      "It copies from none at all, takes no format that can be put there, or reaches no bucket of its kind. Its README says from where it copies, and what.",
  },
  PIPELINE_DESTINATION_MISSING: {
    title: "The pipeline has no destination",
    explanation:
      "Neither the code nor the configuration names a destination, and the pipeline never had one. Extracting works without; normalizing needs to know its kind, loading its place.",
  },
  ERROR_CODE_INVALID: {
    title: "A connector registers an error under a code that cannot be one",
    explanation:
      "Codes of connectors are a prefix and a name with a colon in between, both of capital letters and digits, the words of a name joined with `_`.",
  },
  SLACK_HOOK_INVALID: {
    title: "The webhook for messages to Slack is no address",
    explanation: "A webhook is an address that begins with `https://`. Slack shows it where the webhook is made.",
  },
  SLACK_MESSAGE_NOT_SENT: {
    title: "A message to Slack was not sent",
    explanation:
      "Slack cannot be reached, or refuses the message. What was loaded is loaded; only the message is missing.",
  },
  PROFILE_NOT_WRITABLE: {
    title: "The file of a profile cannot be written",
    explanation:
      "Before the call began, nothing was done. After it, what the call did is done, and only its profile is missing.",
  },
  OPENLINEAGE_URL_INVALID: {
    title: "There is no address for events of OpenLineage",
    explanation:
      "Neither the code nor the environment names a server, or what they name is no address of the web, or has a user and a password in it.",
  },
  OPENLINEAGE_EVENT_NOT_SENT: {
    title: "An event of OpenLineage was not sent",
    explanation:
      "The server cannot be reached, or refuses the event. What was loaded is loaded; only the event is missing.",
  },
  RUN_OPTION_INVALID: {
    title: "An option of a run cannot be used",
    explanation: "The message has the option and the value that was given. Nothing was read or changed.",
  },
} as const satisfies Record<string, ErrorEntry>;
