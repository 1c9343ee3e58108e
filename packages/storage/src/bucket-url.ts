import { ConfigError } from "@dlt/core";

/** Kinds of places. Other spellings of a scheme mean one of these: `gcs`, `abfs`, `abfss`, `adl`, `azure`. */
export type BucketScheme = "file" | "memory" | "s3" | "gs" | "az";

/** What the URL of a bucket or folder says. */
export type BucketLocation =
  | {
      readonly scheme: "file";
      /** As this machine writes paths, maybe relative. */
      readonly folder: string;
    }
  | {
      readonly scheme: "memory" | "s3" | "gs";
      readonly bucket: string;
      /** Parts joined with `/`, without one at the ends; empty for the whole bucket. */
      readonly path: string;
    }
  | {
      readonly scheme: "az";
      /** Name of the container. */
      readonly bucket: string;
      readonly path: string;
      /** Host of the account when the URL names it, e.g. `acme.dfs.core.windows.net`. */
      readonly host?: string;
    };

const schemes: ReadonlyMap<string, BucketScheme> = new Map([
  ["file", "file"],
  ["memory", "memory"],
  ["s3", "s3"],
  ["gs", "gs"],
  ["gcs", "gs"],
  ["az", "az"],
  ["abfs", "az"],
  ["abfss", "az"],
  ["azure", "az"],
  ["adl", "az"],
]);

/**
 * Reads `s3://bucket/path`, `gs://bucket/path`, `az://container/path`, `abfss://container@account.dfs.core.windows.net/path`,
 * `file:///path`, or a path of this machine.
 * @throws ConfigError `FILE_STORE_URL_INVALID`; its message never has the URL, which may hold secrets
 */
export function parseBucketUrl(url: string, platform: NodeJS.Platform = process.platform): BucketLocation {
  if (url === "") throw invalid("is empty");
  // One letter before the colon is a drive of Windows.
  const [, written, rest = ""] = /^([a-z][a-z\d+.-]+):\/\/(.*)$/is.exec(url) ?? [];
  if (written === undefined) return { scheme: "file", folder: pathOf(url) };
  const scheme = schemes.get(written.toLowerCase());
  if (scheme === undefined) throw invalid(`has the scheme \`${written}\`, which is not known`);
  if (scheme === "file") return { scheme, folder: folderOf(rest, platform) };
  return bucketOf(scheme, rest);
}

/** A path, which no URL of another form is taken for. */
function pathOf(text: string): string {
  if (text.includes("\0")) throw invalid("has a null character");
  const scheme = /^([a-z][a-z\d+.-]+):/i.exec(text)?.[1];
  if (scheme !== undefined && schemes.has(scheme.toLowerCase())) throw invalid(`lacks \`//\` after \`${scheme}:\``);
  return text;
}

/** What follows `file://`: a host and an absolute path, each percent-encoded. */
function folderOf(rest: string, platform: NodeJS.Platform): string {
  const slash = rest.indexOf("/");
  if (slash === -1) throw invalid("names no absolute path after `file://`");
  const host = rest.slice(0, slash);
  const path = decoded(rest.slice(slash));
  const isWindows = platform === "win32";
  if (host !== "" && host.toLowerCase() !== "localhost") {
    if (!isWindows) throw invalid("names another machine, which only Windows reaches by path");
    return `\\\\${decoded(host)}${path.replaceAll("/", "\\")}`;
  }
  return isWindows && /^\/[a-z]:/i.test(path) ? path.slice(1).replaceAll("/", "\\") : path;
}

function bucketOf(scheme: Exclude<BucketScheme, "file">, rest: string): BucketLocation {
  const slash = rest.indexOf("/");
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const path = slash === -1 ? "" : rest.slice(slash).replace(/^\/+|\/+$/g, "");
  if (path.split("/").some((part) => part === "." || part === "..") || path.includes("//"))
    throw invalid("has an empty part, `.` or `..` in its path");
  const at = authority.lastIndexOf("@");
  if (scheme !== "az") {
    if (at !== -1) throw invalid("has credentials before `@`, where they are shown and stored");
    if (!isName(authority)) throw invalid(`names no bucket after \`${scheme}://\``);
    return { scheme, bucket: authority, path };
  }
  const [container, host] = at === -1 ? [authority] : [authority.slice(0, at), authority.slice(at + 1)];
  if (!isName(container ?? "")) throw invalid("names no container");
  if (path.includes("?")) throw invalid("has a query, where a signature would be shown and stored");
  if (host !== undefined && !/^[a-z\d.-]+(?::\d+)?$/i.test(host)) throw invalid("names no host after `@`");
  return { scheme, bucket: container ?? "", path, ...(host !== undefined && { host }) };
}

function isName(text: string): boolean {
  return /^[a-z\d$][\w.-]*$/i.test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("has a `%` that no two hexadecimal digits follow");
  }
}

function invalid(reason: string): ConfigError {
  return new ConfigError("FILE_STORE_URL_INVALID", `The address of the files ${reason}.`, {
    hint: 'Give a path, or an address such as "file:///data", "s3://bucket/path", "gs://bucket/path" or "az://container/path".',
  });
}
