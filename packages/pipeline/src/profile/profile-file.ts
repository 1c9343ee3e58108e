import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ConfigError } from "@dlt/core";
import type { ProgressHub } from "../progress/progress.js";
import { TraceProfile } from "./trace-profile.js";

/** A file that the profile of one call, or of several, is written to. */
export interface ProfileFile {
  readonly path: string;
  readonly profile: TraceProfile;
}

export function profileFile(path: string, cwd: string): ProfileFile {
  return { path: resolve(cwd, path), profile: new TraceProfile() };
}

/**
 * Does the work of a call and writes its profile, also when it fails. The file is written before as well, so that nobody waits for a
 * profile that cannot be kept.
 * @throws ConfigError `PROFILE_NOT_WRITABLE` before the work is begun
 */
export async function profiled<Result>(
  file: ProfileFile | null,
  of: { readonly pipelineName: string; readonly progress: ProgressHub },
  work: () => Promise<Result>,
): Promise<Result> {
  if (file === null) return await work();
  await write(file).catch((error: unknown) => {
    throw notWritable(file.path, error);
  });
  using _taking = of.progress.add(file.profile.sink(of.pipelineName));
  try {
    return await work();
  } finally {
    await write(file).catch((error: unknown) => {
      process.emitWarning(notWritable(file.path, error).message, { type: "DltWarning", code: "PROFILE_NOT_WRITABLE" });
    });
  }
}

async function write({ path, profile }: ProfileFile): Promise<void> {
  await writeFile(path, JSON.stringify(profile.document()));
}

function notWritable(path: string, cause: unknown): ConfigError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ConfigError("PROFILE_NOT_WRITABLE", `The profile cannot be written to \`${path}\`: ${why}`, {
    hint: "Give the path of a file in a folder that exists and can be written to.",
    context: { path },
    cause,
  });
}
