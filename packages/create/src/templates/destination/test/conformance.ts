import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { destinationConformance } from "@dlt/testing/conformance";
import { jsonFolder } from "../src/index.js";

destinationConformance({
  destination: jsonFolder,
  config: ({ folder }) => ({ path: join(folder, "lake") }),
  async readTable({ path }, dataset, table) {
    const folder = join(path, dataset, table);
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")));
    const lines = files.flatMap((text) => text.split("\n")).filter((line) => line !== "");
    // Integers that `JSON.parse` would round are read as text.
    return lines.map((line) => JSON.parse(line.replace(/:(-?\d{16,})(?=[,}])/g, ':"$1"')) as Record<string, unknown>);
  },
});
