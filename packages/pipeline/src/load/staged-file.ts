import type { DestinationClient, LoadFile, LoadJob, StagingArea } from "@dlt/core";
import type { JobMark } from "../package/job-marks.js";
import type { FileEntry, LoadManifest } from "../package/manifest.js";
import type { PlannedJob } from "./load-job.js";

/** Where load files are put before they are copied. */
export interface StagingPlace {
  readonly area: StagingArea;
  /** Files of earlier loads are deleted from there. */
  readonly truncates: boolean;
}

/** False for queries, which are no files to copy. */
export function goesThroughStaging(format: string): boolean {
  return format !== "model";
}

/** What copies a staged file, beside the job of the file that puts it there: `users.a1b2c3d4e5.reference`. */
export function copyJobId(name: string): string {
  const [table, fileId] = name.split(".");
  return `${table}.${fileId}.reference`;
}

/** The job after which a file is loaded. */
export function lastJobId({ name, format }: FileEntry, staging: StagingPlace | undefined): string {
  return staging !== undefined && goesThroughStaging(format) ? copyJobId(name) : name;
}

/**
 * The jobs of a load file, one after the other. Through a staging area it is put there and copied from there; the destination knows
 * both ways under the id of the file, so that one adds nothing to what the other loaded.
 */
export function jobsOfFile(
  file: LoadFile,
  { client, staging }: { readonly client: DestinationClient; readonly staging?: StagingPlace | undefined },
): readonly PlannedJob[] {
  const { jobId: id, bytes, rowCount } = file;
  const table = file.table.name;
  if (staging === undefined || !goesThroughStaging(file.format))
    return [{ id, table, make: () => client.createJob(file) }];
  let url = "";
  const upload: LoadJob = {
    id,
    async run(signal) {
      url = await staging.area.put(file, signal);
      return { rowCount, bytes, remoteUrl: url };
    },
  };
  return [
    { id, table, isUpload: true, make: () => upload },
    { id: copyJobId(id), table, make: () => client.createJob({ ...file, at: { url } }) },
  ];
}

/**
 * Marks as the jobs of this load read them, which may go another way than the attempt that left them: a file that was only put into a
 * staging area is not loaded, and one that was loaded is, whichever way it took.
 */
export function marksForWay(
  marks: ReadonlyMap<string, JobMark>,
  { files }: LoadManifest,
  staging: StagingPlace | undefined,
): Map<string, JobMark> {
  const read = new Map([...marks].filter(([, mark]) => !isOnlyPut(mark)));
  for (const file of files) {
    const last = lastJobId(file, staging);
    const other = read.get(last === file.name ? copyJobId(file.name) : file.name);
    if (other?.status === "completed" || other?.isGivenUp === true) read.set(last, other);
  }
  return read;
}

/** How the loading of a file ended, whichever way it went; undefined while it has not. */
export function markOfFile(marks: ReadonlyMap<string, JobMark>, name: string): JobMark | undefined {
  const own = marks.get(name);
  return marks.get(copyJobId(name)) ?? (own !== undefined && isOnlyPut(own) ? undefined : own);
}

function isOnlyPut({ isUpload, status }: JobMark): boolean {
  return isUpload === true && status === "completed";
}
