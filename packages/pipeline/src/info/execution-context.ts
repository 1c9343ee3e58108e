import { existsSync } from "node:fs";
import { availableParallelism, platform, release } from "node:os";
import { libraryVersion } from "./library-version.js";

/** Where a run went on. */
export interface ExecutionContext {
  /** A build server ran it. */
  readonly ciRun: boolean;
  /** Version of Node. */
  readonly node: string;
  /** Processors that it may use. */
  readonly cpu: number;
  readonly os: { readonly name: string; readonly version: string };
  /** This library; the version is `null` where it was bundled. */
  readonly library: { readonly name: string; readonly version: string | null };
  /** What it ran in, of `kubernetes`, `docker`, `codespaces`, `github_actions`, `airflow`, `dagster`, `prefect`, `aws_lambda`, `gcp_cloud_function`. */
  readonly execInfo: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of which each build server sets one. */
const ciVariables = [
  "CI",
  "BUILD_ID",
  "BUILD_NUMBER",
  "BUILDKITE",
  "CIRCLECI",
  "CONTINUOUS_INTEGRATION",
  "GITHUB_ACTIONS",
  "HUDSON_URL",
  "JENKINS_URL",
  "TEAMCITY_VERSION",
  "TRAVIS",
  "CODEBUILD_BUILD_ARN",
  "bamboo.buildKey",
];

/** What sets these variables. */
const surroundings: Readonly<Record<string, readonly string[]>> = {
  kubernetes: ["KUBERNETES_SERVICE_HOST"],
  codespaces: ["CODESPACES"],
  github_actions: ["GITHUB_ACTIONS"],
  airflow: ["AIRFLOW_CTX_DAG_ID", "AIRFLOW_HOME"],
  dagster: ["DAGSTER_PIPES_CONTEXT", "DAGSTER_HOME"],
  prefect: ["PREFECT__FLOW_RUN_ID", "PREFECT_API_URL"],
  aws_lambda: ["AWS_LAMBDA_FUNCTION_NAME"],
  gcp_cloud_function: ["FUNCTION_TARGET"],
};

export function executionContext(env: Environment): ExecutionContext {
  const isSet = (name: string) => (env[name] ?? "") !== "";
  const execInfo = Object.entries(surroundings).flatMap(([name, variables]) => (variables.some(isSet) ? [name] : []));
  return {
    ciRun: ciVariables.some(isSet),
    node: process.versions.node,
    cpu: availableParallelism(),
    os: { name: platform(), version: release() },
    library: { name: "@dlt/pipeline", version: libraryVersion() },
    execInfo: existsSync("/.dockerenv") ? ["docker", ...execInfo] : execInfo,
  };
}

export function executionDict({ ciRun, execInfo, ...context }: ExecutionContext): Readonly<Record<string, unknown>> {
  return { ci_run: ciRun, ...context, exec_info: execInfo };
}
