import { DestinationError } from "@dlt/core";

/** A null character, or half of a pair of UTF-16: no store takes the one, UTF-8 has nothing for the other. */
const unwritable = /\0|\p{Surrogate}/u;

/** True for what can be the key of a file, and means the same file in every store: parts joined with `/`, none empty, `.` or `..`. */
export function isKey(text: string): boolean {
  return !text.split("/").some((part) => part === "" || part === "." || part === "..") && !unwritable.test(text);
}

/**
 * Gives the key of a file if it is one.
 * @throws DestinationError `FILE_KEY_INVALID`
 */
export function checkKey(key: string): string {
  if (!isKey(key)) throw invalid(key, "name of a file");
  return key;
}

/** The same for the beginning of keys, whose last part may be cut anywhere. */
export function checkPrefix(prefix: string): string {
  const parts = prefix.split("/");
  const last = parts.pop() ?? "";
  if (parts.some((part) => part === "" || part === "." || part === "..") || last === ".." || unwritable.test(prefix))
    throw invalid(prefix, "beginning of names of files");
  return prefix;
}

function invalid(text: string, what: string): DestinationError {
  return new DestinationError("FILE_KEY_INVALID", `${JSON.stringify(text)} cannot be the ${what}.`, {
    hint: "Join parts with `/`; leave none empty, and use neither `.` nor `..`.",
    context: { key: text },
  });
}
