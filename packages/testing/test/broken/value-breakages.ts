import { readFile, writeFile } from "node:fs/promises";
import { afterJobs, type MemoryBreakage, otherTexts, otherValues, withJobs } from "./breakage.js";

/** Values, and names, that become others. */
export const valueBreakages: readonly MemoryBreakage[] = [
  {
    name: "takes NULL for empty text",
    noticedBy: ["keeps NULL in columns of every type, in jsonl"],
    instead: otherValues((value) => value ?? ""),
  },
  {
    name: "takes empty text for NULL",
    noticedBy: ["tells empty text from NULL, in jsonl"],
    instead: otherTexts((text) => (text === "" ? null : text)),
  },
  {
    name: "cuts long texts",
    noticedBy: ["keeps a text of a megabyte, in jsonl"],
    instead: otherTexts((text) => text.slice(0, 2 ** 20)),
  },
  {
    name: "ends texts at U+0000",
    noticedBy: ["keeps U+0000 in text or refuses it, in jsonl"],
    instead: otherTexts((text) => text.split("\0", 1)[0]),
  },
  {
    name: "rounds integers as doubles",
    noticedBy: ["keeps extremes of bigint, in jsonl"],
    instead: otherValues((value) => (typeof value === "bigint" ? BigInt(Number(value)) : value)),
  },
  {
    name: "forgets the sign of zero",
    noticedBy: ["keeps zero with a sign, in jsonl"],
    instead: otherValues((value) => (value === 0 ? 0 : value)),
  },
  {
    name: "takes decimals for doubles",
    noticedBy: ["keeps extremes of decimal, in jsonl", "keeps extremes of decimal without a fraction, in jsonl"],
    instead: otherTexts((text) => (/^-?\d+(\.\d+)?$/.test(text) ? String(Number(text)) : text)),
  },
  {
    name: "keeps no microseconds",
    noticedBy: ["keeps extremes of timestamp, in jsonl", "keeps extremes of time, in jsonl"],
    instead: otherTexts((text) => text.replace(/(:\d\d\.\d{3})\d+/, "$1")),
  },
  {
    name: "keeps no part of a second",
    noticedBy: ["keeps extremes of timestamp of 3 digits, in jsonl"],
    instead: otherTexts((text) => text.replace(/(:\d\d)\.\d+/, "$1")),
  },
  {
    name: "knows no day before 1970",
    noticedBy: ["keeps extremes of date, in jsonl"],
    instead: otherTexts((text) => (/^[01]\d\d\d-\d\d-\d\d/.test(text) && text < "1970" ? "1970-01-01" : text)),
  },
  {
    name: "takes the columns of imported files by their place",
    noticedBy: ["finds columns of imported files by name, whatever their order, in jsonl"],
    instead: (client) =>
      withJobs(client, async (job, file, signal) => {
        if (file.isImported !== true || !("path" in file.at)) return await job.run(signal);
        const names = [...file.table.columns.keys()];
        const text = await readFile(file.at.path, "utf8");
        const lines = text.split("\n").filter((line) => line !== "");
        const byPlace = lines.map((line) =>
          JSON.stringify(
            Object.fromEntries(
              Object.values(JSON.parse(line) as object).map((value, place) => [names[place], value as unknown]),
            ),
          ),
        );
        const path = `${file.at.path}.by-place`;
        await writeFile(path, byPlace.join("\n"));
        return await client.createJob({ ...file, at: { path } }).run(signal);
      }),
  },
  {
    name: "writes the names of columns in lower case",
    noticedBy: ["takes names with mixed case"],
    instead: afterJobs((table) => {
      table.rows = table.rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])),
      );
    }),
  },
];
