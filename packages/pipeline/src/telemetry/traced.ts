import { isDltError } from "@dlt/core";
import type { Attributes, Span } from "@opentelemetry/api";
import { telemetry, tracer } from "./telemetry-api.js";

/**
 * Does a piece of work within a span, which what happens in it becomes part of. Without OpenTelemetry it is only done.
 * @param describe attributes of what came of it
 */
export async function traced<Result>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Result>,
  describe: (result: Result) => Attributes = () => ({}),
): Promise<Result> {
  const api = telemetry();
  if (api === null) return await work();
  return await tracer(api).startActiveSpan(name, { attributes }, async (span) => {
    try {
      const result = await work();
      span.setAttributes(describe(result));
      return result;
    } catch (error) {
      failed(span, error, api.SpanStatusCode.ERROR);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A value of `error.type`: the code of an error of the library. */
export function errorType(error: unknown): string {
  return isDltError(error) ? error.code : error instanceof Error ? error.name : "_OTHER";
}

/** A message from elsewhere may show what no span may hold. */
function failed(span: Span, error: unknown, code: number): void {
  span.setAttribute("error.type", errorType(error));
  span.setStatus(isDltError(error) ? { code, message: error.message } : { code });
}
