import { ConfigError, isDltError, isSecret } from "@dlt/core";
import { NotSent, postJson } from "../alerts/post-json.js";
import type { HookedCall, RunHooks } from "../hooks/run-hooks.js";
import { engineFacet, facet, producer } from "./facet.js";
import type { LineageEvent, OpenLineageOptions } from "./lineage-event.js";
import { outputDatasets } from "./output-datasets.js";

/**
 * Hooks that tell OpenLineage (https://openlineage.io) of each call: that it began, and how it ended, with the tables that were written,
 * their columns and rows. An event that cannot be sent becomes a warning, like what any hook throws.
 *
 * ```ts
 * const p = pipeline({ pipelineName: "shop", destination: "postgres", hooks: openLineage({ url: "http://localhost:5000" }) });
 * ```
 * @throws ConfigError `OPENLINEAGE_URL_INVALID`
 */
export function openLineage(options: OpenLineageOptions = {}): RunHooks {
  const { inputs = [], parent, namespace = process.env["OPENLINEAGE_NAMESPACE"] || "default" } = options;
  const send =
    options.emit === undefined ? sendTo(options) : async (event: LineageEvent) => await options.emit?.(event);
  const eventOf = (
    eventType: LineageEvent["eventType"],
    { pipeline, id }: HookedCall,
    about: { readonly outputs?: LineageEvent["outputs"]; readonly runFacets?: Readonly<Record<string, object>> } = {},
  ): LineageEvent => ({
    eventType,
    eventTime: new Date().toISOString(),
    run: {
      runId: id,
      facets: {
        processing_engine: engineFacet(),
        ...(parent !== undefined && {
          parent: facet("ParentRunFacet", "1-1-0", {
            run: { runId: parent.runId },
            job: { namespace: parent.namespace, name: parent.name },
          }),
        }),
        ...about.runFacets,
      },
    },
    job: {
      namespace,
      name: pipeline.pipelineName,
      facets: {
        jobType: facet("JobTypeJobFacet", "2-0-3", {
          processingType: "BATCH",
          integration: "DLT",
          jobType: "PIPELINE",
        }),
      },
    },
    inputs,
    outputs: about.outputs ?? [],
    producer,
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
  });
  return {
    onStarted: (call) => send(eventOf("START", call)),
    onDone: (info, call) =>
      send(eventOf("COMPLETE", call, { outputs: info === null ? [] : outputDatasets(info, call) })),
    onError: (error, call) => {
      const isStopped = isDltError(error) && error.code === "PIPELINE_STOPPED";
      const errorMessage = facet("ErrorMessageRunFacet", "1-0-1", {
        // A message from elsewhere may show what no event may.
        message: isDltError(error) ? `${error.code}: ${error.message}` : "An error that is not of this library.",
        programmingLanguage: "TypeScript",
      });
      return send(eventOf(isStopped ? "ABORT" : "FAIL", call, { runFacets: { errorMessage } }));
    },
  };
}

function sendTo(options: OpenLineageOptions): (event: LineageEvent) => Promise<void> {
  const { env } = process;
  const { url: base = env["OPENLINEAGE_URL"], apiKey = env["OPENLINEAGE_API_KEY"], timeoutMs = 5000 } = options;
  const endpoint = options.endpoint ?? (env["OPENLINEAGE_ENDPOINT"] || "api/v1/lineage");
  const url = addressOf(base, endpoint);
  return async (event) => {
    const key = isSecret(apiKey) ? apiKey.reveal() : apiKey;
    try {
      await postJson(url, event, { timeoutMs, ...(key && { headers: { authorization: `Bearer ${key}` } }) });
    } catch (error) {
      throw error instanceof NotSent ? notSent(url, error) : error;
    }
  };
}

function addressOf(base: string | undefined, endpoint: string): URL {
  const start = base === undefined ? "" : `${base.replace(/\/+$/, "")}/`;
  const url = URL.canParse(endpoint, start) ? new URL(endpoint.replace(/^\/+/, ""), start) : null;
  if (url !== null && ["http:", "https:"].includes(url.protocol) && url.username === "" && url.password === "")
    return url;
  throw new ConfigError("OPENLINEAGE_URL_INVALID", "There is no address that events of OpenLineage could be sent to.", {
    hint: 'Give one without user and password, e.g. openLineage({ url: "http://localhost:5000" }), or set OPENLINEAGE_URL.',
  });
}

function notSent(url: URL, { message: reason, isLasting }: NotSent): ConfigError {
  return new ConfigError("OPENLINEAGE_EVENT_NOT_SENT", `The event was not sent: \`${url.host}\`: ${reason}.`, {
    hint: isLasting ? "Check the address, and the key that the server wants." : "Check the way to the server.",
    context: { host: url.host },
    retryable: !isLasting,
  });
}
