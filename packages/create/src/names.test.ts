import { expect, test } from "vitest";
import { connectorName } from "./connector-name.js";
import { nameProblem, pipelineNameOf, suggestedName } from "./package-name.js";

test.each(["shop", "@acme/shop", "shop-2.0_x", "2fast", "a".repeat(214)])(
  "`%s` can be the name of a package",
  (name) => {
    expect(nameProblem(name)).toBeNull();
  },
);

test.each([
  ["", "project", /empty/],
  ["My Shop", "my-shop", /capital/],
  ["shop!", "shop", /characters/],
  ["Übung", "ubung", /capital/],
  ["_shop", "shop", /begins/],
  ["@acme", "acme", /scope/],
  ["@Acme/My Shop", "@acme/my-shop", /capital/],
  ["fs", "my-fs", /Node has a module/],
  ["node_modules", "my-node_modules", /Node has a module/],
  ["日本", "project", /characters/],
  ["a".repeat(215), `my-${"a".repeat(211)}`, /longer/],
] as const)("`%s` cannot, and `%s` is suggested", (name, suggestion, problem) => {
  expect(nameProblem(name)).toMatch(problem);
  expect(suggestedName(name, "project")).toBe(suggestion);
  expect(nameProblem(suggestion)).toBeNull();
});

test.each([
  ["my-shop", "my_shop"],
  ["@acme/shop.data", "shop_data"],
  ["2fast", "load_2fast"],
  [`a${"-b".repeat(40)}`, `a${"_b".repeat(31)}_`.slice(0, 63)],
])("the pipeline of `%s` is `%s`", (name, pipeline) => {
  expect(pipelineNameOf(name)).toBe(pipeline);
  expect(pipeline).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
});

test("a connector has the names that its package gives it", () => {
  const names = { file: "acme-lake-2", name: "acme_lake_2", identifier: "acmeLake2" };
  expect(connectorName("destination", "dlt-destination-acme-lake-2")).toMatchObject(names);
  expect(connectorName("destination", "@acme/dlt-destination-acme-lake-2")).toMatchObject(names);
  expect(connectorName("source", "@acme/acme-lake-2")).toMatchObject(names);
});

test.each([
  ["acme-lake", /does not begin with `dlt-source-`/],
  ["dlt-destination-acme", /does not begin with `dlt-source-`/],
  ["dlt-source-", /not of words/],
  ["dlt-source-3d", /not of words/],
  ["dlt-source-acme_lake", /not of words/],
  ["dlt-source-delete", /`delete` means something else/],
  ["dlt-source-incremental", /`incremental` means something else/],
] as const)("`%s` cannot be the package of a source", (name, problem) => {
  expect(connectorName("source", name)).toEqual({ problem: expect.stringMatching(problem) });
});
