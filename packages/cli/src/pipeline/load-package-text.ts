import type { LoadPackageFacts } from "../facts/load-package-facts.js";
import { countOf, momentOf, section, table } from "../text.js";

const stateTexts = {
  extracted: "extracted: it waits to be normalized and loaded",
  normalized: "normalized: it waits to be loaded",
  loaded: "loaded",
} as const;

/** What `dlt pipeline <name> load-package` prints. */
export function loadPackageText(facts: LoadPackageFacts): string {
  const { completed_at: completedAt, rejected_rows: rejected } = facts;
  return [
    `Package ${facts.load_id} of schema ${facts.schema_name} is in ${facts.package_path}`,
    `It is ${stateTexts[facts.state]}${completedAt === null ? "" : ` at ${momentOf(new Date(completedAt))}`}`,
    ...(rejected === 0 ? [] : [`${countOf(rejected, "row")} were rejected, and kept in _dlt_rejects`]),
    ...section("Rows:", table(facts.table_rows.map(({ table_name: name, rows }) => [name, rows]))),
    ...section("Jobs:", table(facts.jobs.map(jobCells))),
    ...section(
      "Schema changes:",
      facts.schema_update.flatMap(({ table_name: name, is_new: isNew, columns }) => [
        `${name} (${isNew ? "new table" : countOf(columns.length, "column")})`,
        ...table(columns.map((column) => ["", column.name, column.data_type ?? "", column.nullable ? "" : "not null"])),
      ]),
    ),
  ].join("\n");
}

function jobCells(job: LoadPackageFacts["jobs"][number]): readonly string[] {
  const { job_id: id, state, rows, file_bytes: bytes, attempts, failed_message: message } = job;
  const size = `${rows === null ? "" : `${countOf(rows, "row")}, `}${countOf(bytes, "byte")}`;
  const tries = attempts > 1 ? `after ${attempts} attempts` : "";
  return [state, id, size, [tries, message ?? ""].filter((text) => text !== "").join(": ")];
}
