import { readFile } from "node:fs/promises";
import {
  type Destination,
  type DestinationCapabilities,
  destination,
  type FileFormat,
  type JsonValue,
} from "@dlt/core";
import type { VectorObject } from "../read-vectors.js";
import { camelCase } from "./hints.js";
import { plainValue } from "./plain-value.js";

/** A load file as it came to the destination. */
export interface LoadedFile {
  readonly table: string;
  readonly rowCount: number | null;
  readonly text: string;
}

/** A destination without a database, which keeps the load files that it gets. */
export interface FileDestination {
  readonly destination: Destination;
  /** In the order in which they were written; of a table, in the order of its rows. */
  files(): Promise<readonly LoadedFile[]>;
}

export interface FileDestinationOptions {
  /** Every table gets this format: one of the destination's own, or the name of one that every destination can use. */
  readonly format: FileFormat | string;
  readonly naming?: string;
  /** In snake_case; they replace those of the destination. */
  readonly capabilities?: VectorObject;
}

/** The destination that section 5 of the vectors' README describes. */
export function fileDestination({ format, naming, capabilities = new Map() }: FileDestinationOptions): FileDestination {
  const files: Promise<LoadedFile>[] = [];
  const formatName = typeof format === "string" ? format : format.name;
  const make = destination({
    name: "files",
    capabilities: {
      ...defaults,
      ...given(capabilities),
      ...(naming !== undefined && { namingConvention: naming }),
      preferredFileFormat: formatName,
      fileFormats: [formatName],
    },
    config: {},
    fileFormats: typeof format === "string" ? [] : [format],
    connect: async () => ({
      displayLocation: "files",
      prepare: async () => [],
      explain: async () => [],
      createJob: ({ jobId, table, rowCount, bytes, at }) => {
        const text = readFile("path" in at ? at.path : new URL(at.url), "utf8");
        files.push(text.then((content) => ({ table: table.name, rowCount, text: content })));
        const run = async () => {
          await text;
          return { rowCount, bytes };
        };
        return { id: jobId, run };
      },
      followUps: () => [],
      completeLoad: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    }),
  });
  return { destination: make(), files: () => Promise.all(files.splice(0)) };
}

const defaults = {
  maxIdentifierLength: 127,
  maxColumnIdentifierLength: 127,
  caseSensitiveIdentifiers: true,
  decimalPrecision: [38, 9],
  timestampPrecision: 6,
  supportsDdlTransactions: false,
  supportsTransactions: false,
  replaceStrategies: ["truncate-and-insert"],
  mergeStrategies: ["delete-insert", "upsert", "scd2", "insert-only"],
} as const satisfies Partial<DestinationCapabilities>;

function given(capabilities: VectorObject): Partial<DestinationCapabilities> {
  return Object.fromEntries(
    [...capabilities].map(([name, value]) => [camelCase(name), plainValue(value as JsonValue)]),
  );
}
