import { PackageError } from "@dlt/core";

/** What was being done to which file or folder, e.g. `{ action: "write", path: "/data/state.json" }`. */
export interface StorageAttempt {
  readonly action: "create" | "list" | "lock" | "move" | "open" | "read" | "remove" | "sync" | "write";
  readonly path: string;
}

/** Turns an error of the file system into a `PackageError`; gives back anything else as it is. */
export function storageError(error: unknown, attempt: StorageAttempt): unknown {
  const systemCode = systemErrorCode(error);
  if (systemCode === null) return error;
  const what = `Could not ${attempt.action} \`${attempt.path}\``;
  const details = { cause: error, context: { action: attempt.action, path: attempt.path, systemCode } };
  const safe = "What was committed is safe, and nothing half-written counts.";
  switch (systemCode) {
    case "ENOSPC":
    case "EDQUOT":
      return new PackageError("STORAGE_FULL", `${what}: there is no space left (${systemCode}). ${safe}`, {
        ...details,
        hint: "Make space on that disk and run again: the run resumes where it stopped.",
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ERR_ACCESS_DENIED":
      return new PackageError("STORAGE_NOT_WRITABLE", `${what}: ${reasons[systemCode]} (${systemCode}). ${safe}`, {
        ...details,
        hint: "Give this process the permission, or set DLT_DATA_DIR (or the option `pipelinesDir`) to a folder it may write.",
      });
    case "EMFILE":
    case "ENFILE":
      return new PackageError("STORAGE_FAILED", `${what}: too many files are open (${systemCode}). ${safe}`, {
        ...details,
        hint: "Raise the limit of open files (`ulimit -n`) or lower the number of workers, and run again.",
      });
    default:
      return new PackageError("STORAGE_FAILED", `${what}: ${(error as Error).message}. ${safe}`, {
        ...details,
        hint: "Look at the disk or network share that holds this path, and run again.",
      });
  }
}

/** Runs file operations; their errors are thrown as `storageError` makes them. */
export async function withStorageErrors<Result>(
  attempt: StorageAttempt,
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    throw storageError(error, attempt);
  }
}

/** `ENOSPC` and the like; `null` for anything that is neither an error of a system call nor one of Node's permission model. */
export function systemErrorCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === "string" && (typeof syscall === "string" || code === "ERR_ACCESS_DENIED") ? code : null;
}

const reasons = {
  EACCES: "permission is missing",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ERR_ACCESS_DENIED: "Node was started without the permission",
} as const;
