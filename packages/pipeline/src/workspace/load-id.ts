import { PackageError } from "@dlt/core";
import type { PipelineRuntime } from "../runtime.js";

/**
 * The id of the next load package: seconds since 1970 with six decimals, e.g. `1714000000.123456`. Greater than `last`,
 * also when the clock is behind it, so that packages load in the order in which they were made.
 */
export function nextLoadId(runtime: Pick<PipelineRuntime, "nowMicros">, last: string | null): string {
  const now = runtime.nowMicros();
  if (last === null) return formatLoadId(now);
  const next = loadIdMicros(last) + 1n;
  return formatLoadId(now > next ? now : next);
}

/**
 * Microseconds since 1970 UTC. Python dlt writes up to seven decimals; what is beyond microseconds is dropped.
 * @throws PackageError `LOAD_ID_INVALID`
 */
export function loadIdMicros(loadId: string): bigint {
  const [, seconds, fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(loadId) ?? [];
  if (seconds === undefined) {
    throw new PackageError(
      "LOAD_ID_INVALID",
      `${JSON.stringify(loadId)} is not the id of a load: it should read like 1714000000.123456.`,
      {
        hint: "Remove the rows with this `load_id` from `_dlt_loads`, or the package of this name from the working folder.",
        context: { loadId },
      },
    );
  }
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Negative when `a` is the earlier one; by number, since texts of different length do not sort. */
export function compareLoadIds(a: string, b: string): number {
  const micros = loadIdMicros(a) - loadIdMicros(b);
  if (micros !== 0n) return micros < 0n ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function formatLoadId(micros: bigint): string {
  return `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, "0")}`;
}
