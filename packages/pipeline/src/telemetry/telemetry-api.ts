import type * as OpenTelemetry from "@opentelemetry/api";

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

/** The name that spans and metrics of this library come under. */
export const scope = "@dlt/pipeline";
