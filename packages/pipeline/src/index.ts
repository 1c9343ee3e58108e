export type {
  BatchContext,
  BatchFunction,
  ColumnBatch,
  ColumnHints,
  ColumnSchema,
  CursorType,
  CursorWindow,
  Destination,
  FileImport,
  FileImportOptions,
  Hints,
  Incremental,
  IncrementalChange,
  IncrementalHint,
  IncrementalOptions,
  JsonText,
  Mark,
  NamingConventions,
  NamingRules,
  Page,
  PlainJson,
  PlanContext,
  PreparedTable,
  ReadContext,
  Resource,
  ResourceFactory,
  SchemaContractHint,
  Secret,
  Source,
  SourceContext,
  SourceRows,
  SourceSchema,
  SqlModel,
  Transformer,
} from "@dlt/core";
export {
  anyOf,
  CalendarDate,
  Decimal,
  DltError,
  destination,
  float,
  group,
  incremental,
  isDltError,
  materializeTableSchema,
  resource,
  secret,
  setting,
  source,
  sqlModel,
  TimeOfDay,
  Timestamp,
  transformer,
  withFileImport,
  withHints,
  withTableName,
} from "@dlt/core";
export type { SchemaView, TableView } from "@dlt/core/engine";
export { type SlackMessageOptions, sendSlackMessage } from "./alerts/slack-message.js";
export { type AttachOptions, attach } from "./attach.js";
export type { ResolvedSetting } from "./config/config-context.js";
export { packageEntry } from "./config/package-entry.js";
export { type ProviderRegistration, registerProvider } from "./config/registered-providers.js";
export { type ConfigAccess, config, type SecretsAccess, secrets } from "./config/settings-access.js";
export type { FetchSettingOptions, SettingsProvider, SettingsTable } from "./config/settings-provider.js";
export { type VaultOptions, vault } from "./config/vault.js";
export type { RunData, RunHints, UncutResource } from "./extract/index.js";
export { findDestination } from "./find-destination.js";
export type { HookedCall, HookOptions, RunHooks, SchemaChange } from "./hooks/run-hooks.js";
export type { DryRunInfo } from "./info/dry-run-info.js";
export type { ExceptionTrace } from "./info/exception-trace.js";
export type { ExecutionContext } from "./info/execution-context.js";
export type { ExtractInfo } from "./info/extract-info.js";
export type { LoadJobInfo, LoadJobMetrics } from "./info/job-info.js";
export type { LoadInfo, LoadMetrics } from "./info/load-info.js";
export type { NormalizeInfo } from "./info/normalize-info.js";
export type { LoadPackageInfo } from "./info/package-info.js";
export type { TableRows } from "./info/table-tree.js";
export type { TableUpdate } from "./info/table-update.js";
export type { PipelineTrace, StepTrace } from "./info/trace.js";
export { type LocalPipeline, type LocalPipelines, listPipelines } from "./list-pipelines.js";
export type { Logger } from "./logging/log-record.js";
export type {
  CommitInfo,
  CommitOptions,
  NotSplit,
  Partition,
  PartitionManifest,
  PartitionPlan,
  PlanOptions,
  RunPartitionOptions,
} from "./partitions/partition.js";
export { type Pipeline, pipeline } from "./pipeline.js";
export { type PipelinePoint, partitionPoints, pipelinePoints } from "./points.js";
export type { ProgressOption } from "./progress/choose-progress.js";
export type { EventsOptions } from "./progress/event-stream.js";
export type {
  Counted,
  EventError,
  EventStep,
  EventsMissed,
  JobEnded,
  JobRetried,
  JobStarted,
  ProgressEvent,
  RunEnded,
  RunStarted,
  SchemaChanged,
  StepEnded,
  StepStarted,
} from "./progress/progress-event.js";
export type { ProgressTerminal } from "./progress/terminal/live-lines.js";
export type { DropPlan, DropSelection } from "./run/drop-selection.js";
export { type CursorPlace, incrementalFromState } from "./run/incremental-from-state.js";
export { observeRuns, type RunObserver } from "./run/observe-runs.js";
export type {
  CheckpointOptions,
  DryRunOptions,
  ExtractOptions,
  LoadOptions,
  NormalizeOptions,
  PipelineOptions,
  RefreshMode,
  ReplayOptions,
  RunOptions,
  StepOptions,
  TargetOptions,
} from "./run/pipeline-options.js";
export type { RunInterval } from "./run/scheduler-interval.js";
export type { PipelineSqlClient } from "./run/sql-session.js";
export type { CursorStateView, PipelineStateView, ResourceStateView, SourceStateView } from "./run/state-view.js";
export { type PipelineStep, PipelineStepError } from "./run/step-error.js";
export type { StopCause } from "./run/stop-request.js";
export { defaultRuntime, type PipelineRuntime } from "./runtime.js";
export { readSchemaFile } from "./schema-files/read-schema-file.js";
export { type SchemaTextOptions, schemaText } from "./schema-files/schema-text.js";
