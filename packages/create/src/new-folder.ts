import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CreateError } from "./errors.js";

/** Contents of new files, by path relative to the folder, with `/` between its parts. */
export type NewFiles = Readonly<Record<string, string>>;

/** What a folder may have in it and still counts as empty. */
const ignored: readonly string[] = [".git", ".DS_Store"];

/** @throws CreateError `CREATE:FOLDER_NOT_EMPTY`, `CREATE:FOLDER_UNUSABLE` */
export function checkFolder(folder: string): void {
  const found = attempt(folder, "Nothing was written.", () => {
    try {
      return readdirSync(folder).filter((name) => !ignored.includes(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  });
  if (found.length === 0) return;
  const some = found.slice(0, 3).map((name) => `\`${name}\``);
  const more = found.length - some.length;
  throw new CreateError(
    "CREATE:FOLDER_NOT_EMPTY",
    `\`${folder}\` is not empty: ${some.join(", ")}${more > 0 ? ` and ${more} more` : ""}. Nothing was written.`,
    { hint: "Name another folder, one that is empty or not there yet." },
  );
}

/**
 * Writes files into a folder, which is made where it is not there.
 * @throws CreateError `CREATE:FOLDER_UNUSABLE`
 */
export function writeNewFolder(folder: string, files: NewFiles): void {
  attempt(folder, "Nothing was written.", () => mkdirSync(folder, { recursive: true }));
  let written = 0;
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    const state =
      written === 0 ? "Nothing was written." : `${written} of ${Object.keys(files).length} files are written.`;
    attempt(file, state, () => {
      mkdirSync(dirname(file), { recursive: true });
      // `wx`: what appeared there meanwhile is not ours.
      writeFileSync(file, content, { flag: "wx" });
    });
    written += 1;
  }
}

/** Translates errors of the file system. */
function attempt<Result>(path: string, state: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const [reason, hint] = reasons[code] ?? [message, "Mend this, or name another folder."];
    throw new CreateError("CREATE:FOLDER_UNUSABLE", `\`${path}\` cannot be written: ${reason}. ${state}`, {
      hint,
      cause: error,
    });
  }
}

const withoutPermission = [
  "there is no permission",
  "Name a folder that is yours, or change the permissions.",
] as const;
const inTheWay = ["there is a file in its way", "Name another folder."] as const;

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EACCES: withoutPermission,
  EPERM: withoutPermission,
  EROFS: ["the disk can only be read", "Name a folder on another disk."],
  ENOTDIR: inTheWay,
  EEXIST: inTheWay,
  ENOSPC: ["the disk is full", "Make room, or name a folder on another disk."],
  EDQUOT: ["the quota of the disk is used up", "Make room, or name a folder on another disk."],
  ENAMETOOLONG: ["the name is too long", "Name another folder."],
};
