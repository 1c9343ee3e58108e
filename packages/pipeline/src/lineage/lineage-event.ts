import type { Secret } from "@dlt/core";

export interface OpenLineageOptions {
  /** Server that takes the events, e.g. Marquez. Default: `OPENLINEAGE_URL`. */
  readonly url?: string;
  /** Path at the server. Default: `OPENLINEAGE_ENDPOINT`, then `api/v1/lineage`. */
  readonly endpoint?: string;
  /** Sent as a bearer token. Default: `OPENLINEAGE_API_KEY`, otherwise none. */
  readonly apiKey?: string | Secret;
  /** Namespace of jobs. Default: `OPENLINEAGE_NAMESPACE`, then `default`. */
  readonly namespace?: string;
  /** Where the rows of a pipeline come from. Default: not told. */
  readonly inputs?: readonly LineageDataset[];
  /** The run that calls the pipeline, e.g. of a task of a scheduler. Default: none. */
  readonly parent?: { readonly runId: string; readonly namespace: string; readonly name: string };
  /** Takes events in place of a server. */
  emit?(event: LineageEvent): unknown;
  /** Milliseconds that an event may take to be sent. Default: 5,000. */
  readonly timeoutMs?: number;
}

/** A table or file, by the naming of OpenLineage (https://openlineage.io/docs/spec/naming). */
export interface LineageDataset {
  /** E.g. `postgres://db.example.com:5432`, `s3://bucket`. */
  readonly namespace: string;
  /** E.g. `shop.public.orders`. */
  readonly name: string;
}

/** A `RunEvent` of OpenLineage, as it is sent (https://openlineage.io/spec/2-0-2/OpenLineage.json). */
export interface LineageEvent {
  readonly eventType: "START" | "COMPLETE" | "FAIL" | "ABORT";
  /** ISO 8601, UTC. */
  readonly eventTime: string;
  readonly run: { readonly runId: string; readonly facets: Readonly<Record<string, object>> };
  readonly job: {
    readonly namespace: string;
    readonly name: string;
    readonly facets: Readonly<Record<string, object>>;
  };
  readonly inputs: readonly LineageDataset[];
  readonly outputs: readonly LineageOutput[];
  readonly producer: string;
  readonly schemaURL: string;
}

interface LineageOutput extends LineageDataset {
  readonly facets: Readonly<Record<string, object>>;
  readonly outputFacets: Readonly<Record<string, object>>;
}
