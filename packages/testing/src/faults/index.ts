export type { FaultPlace, StoredRow } from "./place.js";
export { type FaultFailure, type FaultReport, type FaultRunOptions, runFaultSchedules } from "./run-schedules.js";
export type { FaultScenario } from "./scenario.js";
export { faultScenarios } from "./scenarios.js";
export type { Fault, FaultKind, FaultSchedule } from "./schedule.js";
