import type { Pipeline } from "@dlt/pipeline";
import type { Command } from "commander";
import { type Cli, show } from "../cli.js";
import { type JobFacts, jobFacts } from "../facts/load-package-facts.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";
import { countOf } from "../text.js";

export function define(command: Command, cli: Cli): void {
  takesPipeline(command).action(async (name: string, options: PipelineOptions) => {
    await using pipeline = await openPipeline(name, options);
    const facts = await failedJobs(pipeline);
    show(cli, { facts, text: failedJobsText(facts, name) }, options);
  });
}

interface FailedPackage {
  readonly load_id: string;
  readonly state: string;
  readonly failed_jobs: readonly JobFacts[];
}

async function failedJobs(pipeline: Pipeline): Promise<readonly FailedPackage[]> {
  const packages: FailedPackage[] = [];
  const completed = await pipeline.listCompletedLoadPackages();
  for (const loadId of [...completed, ...(await pipeline.listNormalizedLoadPackages())]) {
    const { state, jobs } = await pipeline.getLoadPackageInfo(loadId);
    packages.push({ load_id: loadId, state, failed_jobs: jobs.failedJobs.map(jobFacts) });
  }
  return packages;
}

export function failedJobsText(packages: readonly FailedPackage[], pipelineName: string): string {
  const failed = packages.filter(({ failed_jobs: jobs }) => jobs.length > 0);
  if (failed.length === 0)
    return `No failed jobs found in ${countOf(packages.length, "package")} of pipeline ${pipelineName}`;
  const kept = failed.some(({ state }) => state === "normalized");
  return [
    ...failed.flatMap(({ load_id: loadId, failed_jobs: jobs }) => [
      `Package ${loadId} has ${countOf(jobs.length, "failed job")}`,
      ...jobs.flatMap(jobLines),
      "",
    ]),
    ...(kept
      ? [
          "Mend the cause, then run the pipeline again, or only these jobs:",
          `  dlt pipeline ${pipelineName} retry-failed`,
          "Or give the package up, so that its rows are fetched again:",
          `  dlt pipeline ${pipelineName} drop-pending-packages`,
        ]
      : ["These packages were completed without the rows of the jobs that failed; their load files are kept."]),
  ].join("\n");
}

function jobLines(job: JobFacts): readonly string[] {
  return [
    `  Job ${job.job_id} of table ${job.table_name}`,
    ...(job.file_path === null ? [] : [`    file: ${job.file_path} (${job.file_format})`]),
    `    ${job.failed_code ?? "failed"}: ${job.failed_message ?? ""}`,
  ];
}
