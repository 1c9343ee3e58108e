/** A program that loads as it is, for its author to put their own rows in. */
export function programText({ name, destination }: { readonly name: string; readonly destination: string }): string {
  return `import { pipeline, resource } from "@dlt/pipeline";

// A resource gives rows, a page at a time. Put what reads yours here: an API, a database, files.
const items = resource({ name: "items", primaryKey: "id", writeDisposition: "merge" }, async function* () {
  yield [
    { id: 1, name: "first", tags: ["new", "blue"], changed_at: "2024-05-01T10:00:00Z" },
    { id: 2, name: "second", tags: [], changed_at: "2024-05-02T11:30:00Z" },
  ];
});

const p = pipeline({ pipelineName: "${name}", destination: "${destination}", datasetName: "${name}_data" });
console.log(String(await p.run(items)));
`;
}

export const gitignoreText = `node_modules/
.dlt/secrets.toml
.dlt/*.secrets.toml
.dlt/profile-name
.dlt/.var/
_local/
*.duckdb
*.duckdb.wal
`;

export const configText = `# Settings that are no secrets, for example:
#
# [normalize]
# workers = 4
`;

export const secretsText = `# Secrets and what belongs to them. Keep this file out of git.
`;
