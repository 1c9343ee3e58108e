import { expect, test } from "vitest";
import { type SearchScope, searchPaths } from "./search-paths.js";

const dotted = (scope: SearchScope): readonly string[] => searchPaths(scope).map((path) => path.join("."));

test.each<[string, SearchScope, readonly string[]]>([
  [
    "a source whose module has another name",
    { sections: ["sources", "notion", "notion_databases"] },
    ["sources.notion.notion_databases", "sources.notion", "sources.notion_databases", "sources", ""],
  ],
  [
    "a source named like its module",
    { sections: ["sources", "chess", "chess"] },
    ["sources.chess.chess", "sources.chess", "sources", ""],
  ],
  [
    "a part of credentials",
    { sections: ["destination", "postgres"], fields: ["credentials"] },
    ["destination.postgres.credentials", "destination.credentials", "credentials"],
  ],
  ["credentials as a whole", { sections: ["destination", "postgres"] }, ["destination.postgres", "destination", ""]],
  [
    "a part of a part",
    { sections: ["destination", "ducklake"], fields: ["credentials", "catalog"] },
    ["destination.ducklake.credentials.catalog", "destination.ducklake.catalog", "destination.catalog", "catalog"],
  ],
  [
    "a part below a hidden field",
    { sections: ["destination", "x"], fields: ["_hidden", "inner"] },
    ["destination.x.inner", "destination.inner", "inner"],
  ],
  [
    "the cursor of a resource",
    {
      sections: ["sources", "crm", "leads"],
      first: ["sources", "crm", "europe", "leads"],
      fields: ["incremental"],
    },
    [
      "sources.crm.europe.leads.incremental",
      "sources.crm.leads.incremental",
      "sources.crm.incremental",
      "sources.leads.incremental",
      "sources.incremental",
      "incremental",
    ],
  ],
  [
    "the writer of a source",
    { sections: ["sources", "shop", "orders"], fixedSection: "data_writer" },
    [
      "sources.shop.orders.data_writer",
      "sources.shop.data_writer",
      "sources.orders.data_writer",
      "sources.data_writer",
      "data_writer",
    ],
  ],
  [
    "the writer while normalizing",
    { sections: ["normalize"], fixedSection: "data_writer" },
    ["normalize.data_writer", "data_writer"],
  ],
  [
    "a schema",
    { sections: ["sources", "s"], fixedSection: "schema" },
    ["sources.s.schema", "sources.schema", "schema"],
  ],
  ["a pipeline", { sections: ["pipelines", "p1"] }, ["pipelines.p1", "pipelines", ""]],
  [
    "a job of a workspace",
    { sections: ["jobs", "daily", "report"] },
    ["jobs.daily.report", "jobs.daily", "jobs.report", "jobs", ""],
  ],
])("%s", (_, scope, paths) => {
  expect(dotted(scope)).toEqual(paths);
});
