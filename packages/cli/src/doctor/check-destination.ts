import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultRuntime, isDltError, type Pipeline, pipeline } from "@dlt/pipeline";
import { type Check, failed, passed, skipped } from "./check.js";

export interface DestinationChecks {
  /** `undefined`: the one that is configured. */
  readonly destination: string | undefined;
  /** Whose settings count, where some are for one pipeline only. */
  readonly pipelineName: string;
  /** Tables may be made, in a dataset of their own that is dropped again. */
  readonly mayWrite: boolean;
}

/**
 * Package, settings, connection, clock and privileges of a destination. Local destinations whose files have no absolute path are tried in
 * a temporary folder.
 */
export async function checkDestination(options: DestinationChecks): Promise<readonly Check[]> {
  const { destination, pipelineName, mayWrite } = options;
  const folder = await mkdtemp(join(tmpdir(), "dlt-doctor-"));
  try {
    const runtime = defaultRuntime();
    const place = { ...runtime, env: { ...runtime.env, DLT_LOCAL_DIR: folder } };
    await using p = pipeline(
      {
        pipelineName,
        datasetName: `dlt_doctor_${randomBytes(4).toString("hex")}`,
        pipelinesDir: folder,
        ...(destination !== undefined && { destination }),
      },
      place,
    );
    return await checksOf(p, { mayWrite });
  } catch (error) {
    return [failed("Settings", error)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checksOf(p: Pipeline, { mayWrite }: { readonly mayWrite: boolean }): Promise<readonly Check[]> {
  const driver = await checkDriver(p);
  if (driver.result === "failed") return [driver, skipped("Connection", "there is no destination to connect to")];
  const connected = await checkConnection(p);
  if (connected.some(({ result }) => result === "failed")) {
    return [driver, ...connected, skipped("Privileges", "there is no connection")];
  }
  if (!mayWrite) return [driver, ...connected, skipped("Privileges", "--no-write was given")];
  return [driver, ...connected, await checkPrivileges(p)];
}

async function checkDriver(p: Pipeline): Promise<Check> {
  try {
    // Needs the destination and its package, but no connection.
    await p.normalize();
    return passed(
      "Destination",
      `${p.state.destinationName ?? p.state.destinationType} is installed and can be loaded`,
    );
  } catch (error) {
    const check = failed("Destination", error);
    if (check.code !== "PIPELINE_DESTINATION_MISSING") return check;
    const fix = "Name one, e.g. `dlt doctor duckdb`, or set DESTINATION_TYPE=duckdb.";
    return { ...check, detail: "none was named, and none is configured", fix };
  }
}

async function checkConnection(p: Pipeline): Promise<readonly Check[]> {
  try {
    await using sql = await p.sqlClient();
    const before = Date.now();
    const [[there] = []] = await sql.executeSql("SELECT CURRENT_TIMESTAMP");
    const after = Date.now();
    return [
      passed("Settings and connection", "found, and the destination answers"),
      checkClock(there, { before, after }),
    ];
  } catch (error) {
    if (isDltError(error) && error.code === "SQL_CLIENT_NOT_AVAILABLE")
      return [
        passed("Settings and connection", "found; the destination speaks no SQL"),
        skipped("Clock", "it has none"),
      ];
    return [failed("Settings and connection", error)];
  }
}

/** Ids of loads are times: those of a clock that is far behind would come before those that are there. */
const mostSkewMs = 60_000;

function checkClock(there: unknown, { before, after }: { readonly before: number; readonly after: number }): Check {
  const at = there instanceof Date ? there.getTime() : Date.parse(String(there));
  if (Number.isNaN(at)) return skipped("Clock", "the time of the destination has a form that is not known");
  const skewMs = at < before ? at - before : Math.max(0, at - after);
  if (Math.abs(skewMs) <= mostSkewMs) return passed("Clock", "as at the destination, within a minute");
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return {
    check: "Clock",
    result: "failed",
    detail: `this machine is ${seconds} seconds ${skewMs > 0 ? "behind" : "ahead of"} the destination`,
    fix: "Set the clock of this machine, e.g. with NTP.",
  };
}

async function checkPrivileges(p: Pipeline): Promise<Check> {
  const check = "Privileges";
  try {
    await p.run([{ id: 1, parts: [{ id: 1 }] }], { tableName: "doctor" });
    await p.run([{ id: 1 }], { tableName: "doctor", writeDisposition: "merge", primaryKey: "id" });
  } catch (error) {
    await p.drop({ dataset: true }).catch(() => undefined);
    return failed(check, error);
  }
  try {
    const { datasetName } = p;
    await p.drop({ dataset: true });
    return passed(check, `dataset ${datasetName} was made, loaded, merged and dropped`);
  } catch (error) {
    return failed(check, error);
  }
}
