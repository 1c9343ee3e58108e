import type { DestinationCapabilities } from "@dlt/core";
import { type Hints, incremental, resource, type Source, source, sqlModel } from "@dlt/pipeline";
import { dailyRuns, type FaultScenario } from "./scenario.js";

/** Orders of a day, with lists in lists, and a column that comes later. Some of the day before come again, changed. */
function ordersOn(day: number): readonly Record<string, unknown>[] {
  return Array.from({ length: day === 1 ? 4 : 3 }, (_, n) => {
    const id = (day - 1) * 2 + n;
    return {
      id,
      version: day,
      region: id % 2 === 0 ? "north" : "south",
      lines: Array.from({ length: (id + day) % 3 }, (__, line) => ({
        sku: `sku${line}`,
        tags: [`day ${day}`, "blue"],
      })),
      ...(day > 1 && { channel: "web" }),
    };
  });
}

/** Rows that are added are yielded once: a run that ended after they were kept must not bring them again. */
function orders(hintsOn: (day: number) => Hints): (day: number) => readonly Source[] {
  return (day) => {
    const hints = hintsOn(day);
    const addsRows = (hints.writeDisposition ?? "append") === "append";
    const made = resource({ name: "orders", ...hints }, ({ state }) => {
      if (addsRows && state["day"] === day) return [];
      state["day"] = day;
      return ordersOn(day);
    });
    return [source({ name: "shop" }, () => [made])()];
  };
}

/** Every write disposition and strategy, with nested tables, over some days. */
export const faultScenarios: readonly FaultScenario[] = [
  dailyRuns("append", (day) => [
    source({ name: "shop" }, () => [
      resource(
        { name: "events", incremental: incremental("hour", { initialValue: 0, rowOrder: "asc" }) },
        async function* () {
          for (let hour = 1; hour <= day * 2; hour++)
            yield [
              { hour, items: [{ sku: `sku${hour}`, options: [hour, hour + 1] }], ...(day > 1 && { channel: "web" }) },
            ];
        },
      ),
      resource({ name: "visits" }, ({ state }) => {
        const seen = Number(state["seen"] ?? 0);
        state["seen"] = day;
        return Array.from({ length: day - seen }, (_, n) => ({ day: seen + n + 1 }));
      }),
    ])(),
  ]),
  {
    name: "append in epochs",
    days: 2,
    needs: null,
    load: (pipeline, day) =>
      pipeline.run(
        source({ name: "shop" }, () => [
          resource({ name: "events" }, async function* ({ state, checkpoint }) {
            for (let page = Number(state["page"] ?? 0); page < day * 4; page++) {
              yield [{ page, parts: [1, 2] }];
              state["page"] = page + 1;
              checkpoint();
            }
          }),
        ])(),
        { checkpoint: { everyRows: 2 } },
      ),
  },
  dailyRuns(
    "several sources",
    (day) => [
      ...orders(() => ({}))(day),
      source({ name: "catalogue" }, () => [
        resource({ name: "products", writeDisposition: "replace" }, () => [
          { sku: "sku0", price: 10 * day, stock: [{ store: "north", count: day }] },
          ...(day > 1 ? [{ sku: "sku1", price: 20.5, stock: [] }] : []),
        ]),
      ])(),
      source({ name: "people" }, () => [
        resource({ name: "staff", incremental: incremental("since", { initialValue: 0 }) }, () =>
          Array.from({ length: day * 2 }, (_, n) => ({ id: n, since: n })),
        ),
      ])(),
    ],
    { needs: { replaceStrategy: "truncate-and-insert" } },
  ),
  dailyRuns(
    "replace",
    orders(() => ({ writeDisposition: "replace" })),
    { needs: { replaceStrategy: "truncate-and-insert" } },
  ),
  dailyRuns(
    "replace from staging",
    orders(() => ({ writeDisposition: "replace" })),
    {
      needs: { replaceStrategy: "insert-from-staging" },
      env: { DESTINATION__REPLACE_STRATEGY: "insert-from-staging" },
    },
  ),
  dailyRuns(
    "replace by exchange",
    orders(() => ({ writeDisposition: "replace" })),
    {
      needs: { replaceStrategy: "staging-optimized" },
      env: { DESTINATION__REPLACE_STRATEGY: "staging-optimized" },
    },
  ),
  dailyRuns(
    "delete and insert",
    orders(() => ({ primaryKey: "id", writeDisposition: "merge" })),
    {
      needs: { mergeStrategy: "delete-insert" },
    },
  ),
  dailyRuns(
    "delete and insert by merge key, with deletions",
    (day) => [
      source({ name: "shop" }, () => [
        resource(
          {
            name: "orders",
            primaryKey: "id",
            mergeKey: "region",
            writeDisposition: "merge",
            columns: { gone: { dataType: "bool", hardDelete: true }, version: { dedupSort: "desc" } },
          },
          () => [
            ...ordersOn(day).map((order) => ({ ...order, gone: order["id"] === 3 })),
            ...ordersOn(day).map((order) => ({ ...order, version: 0, gone: false })),
          ],
        ),
      ])(),
    ],
    { needs: { mergeStrategy: "delete-insert" } },
  ),
  dailyRuns(
    "upsert",
    orders(() => ({ primaryKey: "id", writeDisposition: { disposition: "merge", strategy: "upsert" } })),
    {
      needs: { mergeStrategy: "upsert" },
    },
  ),
  dailyRuns(
    "insert only",
    orders(() => ({ primaryKey: "id", writeDisposition: { disposition: "merge", strategy: "insert-only" } })),
    {
      needs: { mergeStrategy: "insert-only" },
    },
  ),
  dailyRuns(
    "history",
    orders((day) => ({
      writeDisposition: { disposition: "merge", strategy: "scd2", boundaryTimestamp: `2024-01-0${day}T00:00:00Z` },
    })),
    { needs: { mergeStrategy: "scd2" } },
  ),
  dailyRuns(
    "changes of the disposition",
    orders((day) => ({
      primaryKey: "id",
      writeDisposition: (["append", "merge", "replace"] as const)[day - 1] ?? "append",
    })),
    { days: 3, needs: { mergeStrategy: "delete-insert", replaceStrategy: "truncate-and-insert" } },
  ),
  {
    name: "queries",
    days: 2,
    needs: { fileFormat: "model", mergeStrategy: "delete-insert" },
    load: (pipeline, day, { sqlDialect: dialect = "" }) => {
      const counts = `SELECT ${day} AS day, 'north' AS region, ${day * 10} AS orders`;
      const more = day === 1 ? "" : ", 'web' AS channel";
      return pipeline.run(
        source({ name: "shop" }, () => [
          resource({ name: "counts" }, ({ state }) => {
            if (state["day"] === day) return [];
            state["day"] = day;
            return [sqlModel(counts + more, { dialect }), [{ day, region: "south", orders: day }]];
          }),
          resource({ name: "newest", primaryKey: "region", writeDisposition: "merge" }, () => [
            sqlModel(counts, { dialect }),
          ]),
        ])(),
      );
    },
  },
  {
    name: "refresh",
    days: 3,
    needs: { tables: true },
    load: (pipeline, day) =>
      pipeline.run(orders(() => ({}))(day), day === 1 ? {} : { refresh: day === 2 ? "drop_resources" : "drop_data" }),
  },
];

/** The scenarios that a destination has the strategies and formats for, and the tables. */
export function scenariosFor(
  { mergeStrategies, replaceStrategies, fileFormats, forwardsRows = false }: DestinationCapabilities,
  scenarios: readonly FaultScenario[] = faultScenarios,
): readonly FaultScenario[] {
  return scenarios.filter(({ needs }) => {
    const { mergeStrategy, replaceStrategy, fileFormat, tables = false } = needs ?? {};
    return (
      !(tables && forwardsRows) &&
      (mergeStrategy === undefined || mergeStrategies.some((each) => each === mergeStrategy)) &&
      (replaceStrategy === undefined || replaceStrategies.some((each) => each === replaceStrategy)) &&
      (fileFormat === undefined || fileFormats.includes(fileFormat))
    );
  });
}
