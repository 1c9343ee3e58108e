import type * as OpenTelemetry from "@opentelemetry/api";
import type { Meter, Tracer } from "@opentelemetry/api";
import { libraryVersion } from "../info/library-version.js";

/** `@opentelemetry/api`. */
export type TelemetryApi = typeof OpenTelemetry;

// Where an SDK that was set up is registered (opentelemetry-js, `api/src/internal/global-utils.ts`).
const registration = Symbol.for("opentelemetry.js.api.1");

let api: TelemetryApi | null = null;

/**
 * Takes up OpenTelemetry where the application has set it up; to be called before `telemetry` is asked. Without it not even the package is
 * imported, which takes 20 ms.
 */
export async function takeUpTelemetry(): Promise<void> {
  if (Object.hasOwn(globalThis, registration)) api ??= await import("@opentelemetry/api");
}

/** `null`: the application has none. */
export function telemetry(): TelemetryApi | null {
  return api;
}

/** What metrics of this library are made with; `undefined`: the application has no OpenTelemetry. */
export function meter(): Meter | undefined {
  return api?.metrics.getMeter(scope, libraryVersion() ?? undefined);
}

/** What spans of this library are made with. */
export function tracer({ trace }: TelemetryApi): Tracer {
  return trace.getTracer(scope, libraryVersion() ?? undefined);
}

const scope = "@dlt/pipeline";
