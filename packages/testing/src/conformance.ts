export {
  type DestinationConformance,
  destinationConformance,
} from "./conformance/destination-conformance.js";
export type { FreshPlace, TrialInput } from "./conformance/trial.js";
export type { StoredRow } from "./faults/place.js";
