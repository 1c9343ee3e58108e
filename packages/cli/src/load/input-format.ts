import { extname } from "node:path";

/** What rows can be given as. `json` also stands for JSON lines: values of any form, or an array of them. */
export const inputFormats = ["json", "jsonl", "csv", "tsv"] as const;

export type InputFormat = (typeof inputFormats)[number];

/** The format that the name of a file says, e.g. `events.csv.gz`; `null`: none that is known. */
export function formatOfName(file: string): InputFormat | null {
  const extension = extname(file.replace(/\.gz$/i, "")).slice(1).toLowerCase();
  if (extension === "ndjson") return "jsonl";
  return inputFormats.find((format) => format === extension) ?? null;
}

/** The format that text looks like from its beginning: JSON, or lines with a separator. */
export function formatOfText(beginning: Uint8Array): InputFormat {
  const text = new TextDecoder().decode(beginning).trimStart();
  if (text.startsWith("{") || text.startsWith("[")) return "json";
  const [firstLine = ""] = text.split("\n", 1);
  return firstLine.includes("\t") ? "tsv" : "csv";
}
