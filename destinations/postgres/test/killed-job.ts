// Runs a job of a client until it is killed. Argument: credentials, password and load file as JSON.
import { namingConvention } from "@dlt/core";
import { secretOf } from "@dlt/core/engine";
import { postgres } from "../src/index.js";

const { credentials, password, file, columns } = JSON.parse(process.argv[2] ?? "");
const client = await postgres().connect(
  { credentials: { ...credentials, password: secretOf(password) }, createIndexes: true, csvFormat: undefined },
  {
    pipelineName: "test",
    localDir: "",
    dataset: "ds",
    stagingDataset: "ds_staging",
    naming: namingConvention("snake_case", null),
    signal: new AbortController().signal,
  },
);
const table = { ...file.table, columns: new Map(columns) };
await client.createJob({ ...file, table }).run(new AbortController().signal);
