/**
 * Loads issues, pull requests and stargazers of a GitHub repository, twice: the second run loads only what has changed.
 *
 * It runs against a stand-in for GitHub on this machine. For the real one leave the stand-in and the base URL out, put a token of
 * yours into `.dlt/secrets.toml`, and name a repository.
 */
import { strict as assert } from "node:assert";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LoadInfo, PipelineStepError, pipeline } from "@dlt/pipeline";
import { github } from "./github.js";
import { startGithub } from "./github-stand-in.js";

await using standIn = await startGithub();
const repository = { owner: "acme", repo: "anvil" };
const options = {
  pipelineName: "github",
  destination: "duckdb", // or the name of another destination; nothing else changes
  datasetName: "github_data",
};
await pipeline(options).drop({ dataset: true }); // so that every start begins with nothing

// First run. The settings of the source come from the environment.
process.env["SOURCES__GITHUB__ACCESS_TOKEN"] = standIn.token;
process.env["SOURCES__GITHUB__BASE_URL"] = standIn.baseUrl;
process.env["SOURCES__GITHUB__PAGE_SIZE"] = "5";
const first = await pipeline(options).run(github(repository));
const firstRequests = standIn.requests();
console.log(`First run, ${firstRequests.length} requests: ${loaded(first)}`);

// The next day. The token comes from `.dlt/secrets.toml` in the folder of the project.
delete process.env["SOURCES__GITHUB__ACCESS_TOKEN"];
const project = await mkdtemp(join(tmpdir(), "github-project-"));
process.env["DLT_PROJECT_DIR"] = project; // by default the current folder
await mkdir(join(project, ".dlt"));
await writeFile(join(project, ".dlt/secrets.toml"), `[sources.github]\naccess_token = "${standIn.token}"\n`);

standIn.letADayPass(); // an issue is closed, another one opened, a pull request merged, a star taken back
const p = pipeline(options);
const second = await p.run(github(repository));
const secondRequests = standIn.requests();
console.log(`\nA day later, ${secondRequests.length} requests: ${loaded(second)}`);
console.log(
  secondRequests
    .toSorted()
    .map((request) => `  ${request}`)
    .join("\n"),
);

// A run appends, so an issue that changed is there as it was, too. This is what they look like today:
const sql = await p.sqlClient();
const issues = await sql.executeSql(`
  SELECT number, title, state FROM issues WHERE pull_request__url IS NULL
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY updated_at DESC) = 1
  ORDER BY updated_at DESC, number LIMIT 3`);
console.log("\nThe issues that changed last:");
for (const [number, title, state] of issues) console.log(`  #${number} ${title}: ${state}`);

// A token given in code, and one that GitHub does not know. Nothing is loaded or lost: the next run goes on as before.
const wrong = github({ ...repository, accessToken: "expired" }).withResources("issues");
const failure = await p.run(wrong).catch((error: unknown) => error);
console.log(`\nWith a wrong token:\n${failure}`);

const counts = [first, second].map(({ rowCounts }) =>
  ["issues", "pull_requests", "stargazers"].map((table) => rowCounts[table]),
);
assert.deepEqual(counts, [
  [24, 6, 12],
  [3, 1, 11],
]);
assert.equal(firstRequests.length, 5 + 2 + 3);
assert.equal(secondRequests.length, 1 + 1 + 3);
assert.deepEqual(
  issues.map(([number, , state]) => [number, state]),
  [
    [5, "closed"],
    [25, "open"],
    [23, "open"],
  ],
);
assert.ok(failure instanceof PipelineStepError && failure.step === "extract");
assert.match(String(failure), /401 Unauthorized/);

await sql.close();
await p.drop({ dataset: true });
await rm("github.duckdb");
await rm(project, { recursive: true });

/** `24 issues, 8 issues__labels, …` */
function loaded({ rowCounts }: LoadInfo): string {
  const tables = Object.keys(rowCounts).toSorted();
  return tables.map((table) => `${rowCounts[table]} ${table}`).join(", ");
}
