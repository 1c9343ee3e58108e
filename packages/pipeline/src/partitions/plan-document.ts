import type { PlainJson, Schema, SchemaText } from "@dlt/core";
import { sha3_256 } from "@dlt/core/engine";
import { hasKeys } from "../package/stored-json.js";
import type { PlannedOptions } from "./planned-options.js";

/** `plan.json`: what all partitions of a plan start from. */
export interface PlanDocument {
  readonly format: 1;
  readonly planId: string;
  readonly pipelineName: string;
  readonly loadId: string;
  /** Microseconds since 1970 UTC, decimal text. */
  readonly createdAt: string;
  /** 32 random bytes, Base64: row ids of a partition are drawn from it and its index. */
  readonly seed: string;
  /** Name of the source and of its schema. */
  readonly source: string;
  /** State of the source, typed JSON; `null`: it has none. */
  readonly sourceState: string | null;
  /** Version hash of the pipeline's schema; `null`: it has none of this name. */
  readonly schemaHash: string | null;
  /** The schema with everything that the source declares of it, which rows are normalized against. */
  readonly schema: SchemaText;
  /** Its version and hashes, which are those of the pipeline's schema: reading it gives it others where the source changes it. */
  readonly schemaVersion: Pick<Schema, "version" | "versionHash" | "previousHashes">;
  /** What a pipeline remembers without its working folder. */
  readonly remembered: {
    readonly defaultSchemaName: string | null;
    readonly destinationType: string | null;
    readonly destinationName: string | null;
    readonly stagingType: string | null;
    readonly stagingName: string | null;
    readonly datasetName: string | null;
  };
  /** What the source was planned with. */
  readonly options: PlannedOptions;
  readonly parts: readonly PlannedPart[];
}

/** A partition as it is planned. */
export interface PlannedPart {
  readonly resources: readonly string[];
  readonly range?: PlainJson;
  /** The resource whose function is given the range; `null`: everything is read. */
  readonly split: string | null;
  /** Cursors of a resource that is read in parts, which are put together again. */
  readonly cursors: readonly PartCursor[];
}

export interface PartCursor {
  readonly resource: string;
  readonly path: string;
  readonly lastValueFunc: "min" | "max";
}

/** What row ids of the plan are drawn from, beside those of its partitions. */
export function planSeed({ seed }: PlanDocument): Uint8Array {
  return new Uint8Array(Buffer.from(seed, "base64"));
}

/** What row ids of a partition are drawn from: the same in every attempt, another one in each partition. */
export function partitionSeed({ seed }: PlanDocument, index: number): Uint8Array {
  return sha3_256(new TextEncoder().encode(`${seed}\0${index}`));
}

export function isPlanDocument(content: unknown): content is PlanDocument {
  const keys = [
    "format",
    "planId",
    "pipelineName",
    "loadId",
    "seed",
    "source",
    "schema",
    "schemaVersion",
    "options",
    "parts",
  ];
  return hasKeys(content, keys) && content["format"] === 1;
}
