import { isDltError } from "@dlt/core";
import { version } from "../version.js";

/** What a span of a request shows, without secrets. */
export interface TracedRequest {
  readonly method: string;
  shownUrl(): string;
  readonly host: URL;
  /** From 1. */
  readonly attempt: number;
}

// Where an SDK that was set up is registered (opentelemetry-js, `api/src/internal/global-utils.ts`).
const registration = Symbol.for("opentelemetry.js.api.1");

/**
 * Sends a request within a span, and counts its time, by the conventions of OpenTelemetry for HTTP clients
 * (https://opentelemetry.io/docs/specs/semconv/http/). Where the application has not set OpenTelemetry up, it is only sent.
 */
export async function tracedRequest(request: TracedRequest, send: () => Promise<Response>): Promise<Response> {
  if (!Object.hasOwn(globalThis, registration)) return await send();
  const { metrics, SpanKind, SpanStatusCode, trace } = await import("@opentelemetry/api");
  const { method, shownUrl, host, attempt } = request;
  const shared = {
    "http.request.method": method,
    "server.address": host.hostname,
    "server.port": Number(host.port || (host.protocol === "http:" ? 80 : 443)),
  };
  const startedAt = performance.now();
  let outcome: { "http.response.status_code"?: number; "error.type"?: string } = {};
  const attributes = {
    ...shared,
    "url.full": shownUrl(),
    ...(attempt > 1 && { "http.request.resend_count": attempt - 1 }),
  };
  const span = trace.getTracer("@dlt/http", version).startSpan(method, { kind: SpanKind.CLIENT, attributes });
  try {
    const response = await send();
    outcome = {
      "http.response.status_code": response.status,
      ...(response.status >= 400 && { "error.type": String(response.status) }),
    };
    return response;
  } catch (error) {
    outcome = { "error.type": isDltError(error) ? error.code : "_OTHER" };
    throw error;
  } finally {
    span.setAttributes(outcome);
    if (outcome["error.type"] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    metrics
      .getMeter("@dlt/http", version)
      .createHistogram("http.client.request.duration", { unit: "s", description: "Duration of HTTP client requests." })
      .record((performance.now() - startedAt) / 1000, { ...shared, ...outcome });
  }
}
