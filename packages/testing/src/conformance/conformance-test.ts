import type { Destination, DestinationClient } from "@dlt/core";
import type { Trial } from "./trial.js";

/** Something that destinations owe the engine. */
export interface ConformanceTest {
  /** A sentence about the destination, without its subject. Exceptions are named by it. */
  readonly name: string;
  run(trial: Trial): Promise<void>;
}

/** Tests of one subject. */
export interface ConformanceArea {
  readonly name: string;
  /** True where no exception is allowed: without these a pipeline loses rows or doubles them. */
  readonly isEssential: boolean;
  /** The tests that a destination is held to; none where it does not say that it can do such things. */
  testsFor(destination: Destination, client: DestinationClient): readonly ConformanceTest[];
}
