import type { Settings } from "./project.js";

/** Settings of a destination, what the code names, and where the rows are afterwards. */
export interface Way extends Settings {
  /** Default: the code names none. */
  readonly destination?: string;
  /** A file or folder, or the beginning of its name. */
  readonly loadsTo: string;
}

const duckdb = { DESTINATION_TYPE: "duckdb" };
const files = { DESTINATION_TYPE: "filesystem", DESTINATION__FILESYSTEM__BUCKET_URL: "files" };

/** The pipeline is called `shop`, and its dataset `data`. */
export const ways: Readonly<Record<string, Way>> = {
  "a type in code": { destination: "duckdb", loadsTo: "shop.duckdb" },
  "the full type of Python dlt": { destination: "dlt.destinations.duckdb", loadsTo: "shop.duckdb" },
  "a type in a variable": { variables: duckdb, loadsTo: "shop.duckdb" },
  "a type for one pipeline": { variables: { PIPELINES__SHOP__DESTINATION_TYPE: "duckdb" }, loadsTo: "shop.duckdb" },
  "a type in config.toml": { config: 'destination_type = "duckdb"', loadsTo: "shop.duckdb" },
  "a type for one pipeline in config.toml": {
    config: '[pipelines.shop]\ndestination_type = "duckdb"',
    loadsTo: "shop.duckdb",
  },

  "a name of one's own, by a variable": {
    destination: "warehouse",
    variables: { DESTINATION__WAREHOUSE__DESTINATION_TYPE: "duckdb" },
    loadsTo: "warehouse.duckdb",
  },
  "a name of one's own, in config.toml, with its own credentials": {
    destination: "warehouse",
    config: '[destination.warehouse]\ndestination_type = "duckdb"',
    secrets: '[destination.warehouse]\ncredentials = "own.duckdb"',
    loadsTo: "own.duckdb",
  },
  "a name beside its type": {
    variables: { DESTINATION_TYPE: "duckdb", DESTINATION_NAME: "warehouse" },
    loadsTo: "warehouse.duckdb",
  },

  "a path": { variables: { ...duckdb, DESTINATION__DUCKDB__CREDENTIALS: "a.duckdb" }, loadsTo: "a.duckdb" },
  "a connection string": {
    variables: { ...duckdb, DESTINATION__DUCKDB__CREDENTIALS: "duckdb:///a.duckdb" },
    loadsTo: "a.duckdb",
  },
  "the folder of the pipeline": {
    variables: { ...duckdb, DESTINATION__DUCKDB__CREDENTIALS: ":pipeline:" },
    loadsTo: "data/ts-pipelines/shop/shop.duckdb",
  },
  "credentials of all destinations": {
    variables: { ...duckdb, DESTINATION__CREDENTIALS: "a.duckdb" },
    loadsTo: "a.duckdb",
  },
  "credentials of everything": { variables: { ...duckdb, CREDENTIALS: "a.duckdb" }, loadsTo: "a.duckdb" },
  "credentials for one pipeline": {
    variables: { ...duckdb, SHOP__DESTINATION__DUCKDB__CREDENTIALS: "a.duckdb", DESTINATION__DUCKDB__CREDENTIALS: "b" },
    loadsTo: "a.duckdb",
  },
  "credentials in parts": {
    variables: { ...duckdb, DESTINATION__DUCKDB__CREDENTIALS__DATABASE: "a.duckdb" },
    secrets: "[destination.duckdb.credentials]\nread_only = false",
    loadsTo: "a.duckdb",
  },
  "credentials in a table of secrets.toml": {
    variables: duckdb,
    secrets: '[destination.duckdb.credentials]\ndatabase = "a.duckdb"\nglobal_config = { threads = 1 }',
    loadsTo: "a.duckdb",
  },
  "a variable before secrets.toml, and that before config.toml": {
    variables: { ...duckdb, DESTINATION__DUCKDB__CREDENTIALS: "a.duckdb" },
    secrets: 'destination.duckdb.credentials = "b.duckdb"',
    config: 'destination.duckdb.credentials = "c.duckdb"',
    loadsTo: "a.duckdb",
  },

  "a folder": { variables: files, loadsTo: "files/data/orders/" },
  "a folder in config.toml": {
    destination: "filesystem",
    config: '[destination.filesystem]\nbucket_url = "files"',
    loadsTo: "files/data/orders/",
  },
  "a layout, and files without compression": {
    variables: {
      ...files,
      DESTINATION__FILESYSTEM__LAYOUT: "{table_name}/loads/{load_id}.{file_id}.{ext}",
      DATA_WRITER__DISABLE_COMPRESSION: "true",
    },
    loadsTo: "files/data/orders/loads/",
  },
};

/** Settings of a server at which nobody listens: the error says where it was looked for. */
export const servers: Readonly<Record<string, Settings>> = {
  "a connection string": { variables: { CREDENTIALS: "postgresql://loader:sesame@127.0.0.1:1/dlt_data" } },
  "its other name": {
    variables: { DESTINATION__POSTGRES__CREDENTIALS: "postgres://loader:sesame@127.0.0.1:1/dlt_data" },
  },
  "the password elsewhere": {
    variables: { DESTINATION__POSTGRES__CREDENTIALS: "postgresql://loader@127.0.0.1:1/dlt_data?connect_timeout=3" },
    secrets: '[destination.postgres.credentials]\npassword = "sesame"',
  },
  "parts in secrets.toml": {
    secrets: `[destination.postgres.credentials]
host = "127.0.0.1"
port = 1
database = "dlt_data"
username = "loader"
password = "sesame"`,
  },
  "parts in variables": {
    variables: {
      DESTINATION__POSTGRES__CREDENTIALS__HOST: "127.0.0.1",
      DESTINATION__CREDENTIALS__PORT: "1",
      CREDENTIALS__DATABASE: "dlt_data",
      SHOP__CREDENTIALS__USERNAME: "loader",
      CREDENTIALS__PASSWORD: "sesame",
    },
  },
};
