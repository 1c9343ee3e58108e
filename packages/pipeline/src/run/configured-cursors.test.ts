import {
  type IncrementalDefinition,
  incremental,
  type Resource,
  resource,
  type SourceDefinition,
  Timestamp,
} from "@dlt/core";
import { cursorOf, resourceDefinition } from "@dlt/core/engine";
import { describe, expect, test } from "vitest";
import type { ConfigContext, ResolvedSetting } from "../config/config-context.js";
import { environmentProvider } from "../config/environment-provider.js";
import { configureCursors } from "./configured-cursors.js";

type Env = Readonly<Record<string, string>>;

function configOf(env: Env, onResolved?: (setting: ResolvedSetting) => void): ConfigContext {
  const providers = [environmentProvider({ env, secretsDir: "/nowhere" })];
  return { providers, pipelineName: "shop", profile: null, ...(onResolved && { onResolved }) };
}

function configured(
  made: Resource,
  env: Env,
  source: Partial<SourceDefinition> = {},
): IncrementalDefinition | undefined {
  const definition = { name: "europe", section: "crm", resources: new Map([[made.name, made]]), ...source };
  const [changed] = configureCursors(definition, configOf(env)).resources.values();
  return changed === undefined ? undefined : cursorOf(resourceDefinition(changed).steps);
}

const declared = () =>
  resource({ name: "leads", incremental: incremental<unknown>("at", { initialValue: 1, lag: 2 }) }, () => []);
const plain = () => resource({ name: "leads" }, () => []);

describe("options of the configuration", () => {
  test("replace those that the resource was declared with", () => {
    const below = (values: Env) =>
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [`SOURCES__CRM__LEADS__INCREMENTAL__${key}`, value]),
      );
    const env = below({
      CURSOR_PATH: "id",
      INITIAL_VALUE: "5",
      END_VALUE: "9",
      ROW_ORDER: "asc",
      ON_CURSOR_VALUE_MISSING: "exclude",
      LAG: "-1.5",
      RANGE_START: "open",
      RANGE_END: "closed",
      PRIMARY_KEY: '["id","v"]',
      ALLOW_EXTERNAL_SCHEDULERS: "true",
      LAST_VALUE_FUNC: "max",
      CURSOR_TYPE: "bigint",
    });
    expect(configured(declared(), env)).toEqual({
      cursorPath: "id",
      initialValue: 5,
      endValue: 9,
      rowOrder: "asc",
      onCursorValueMissing: "exclude",
      lag: -1.5,
      rangeStart: "open",
      rangeEnd: "closed",
      primaryKey: ["id", "v"],
      allowExternalSchedulers: true,
      lastValueFunc: "max",
      cursorType: "bigint",
    });
  });

  test.each([
    "SHOP__SOURCES__CRM__EUROPE__LEADS",
    "SOURCES__CRM__EUROPE__LEADS",
    "SOURCES__CRM__LEADS",
    "SOURCES__CRM",
    "SOURCES__LEADS",
    "SOURCES",
  ])("are found below `%s`, with what is more specific before it", (place) => {
    const places = [
      "SHOP__SOURCES__CRM__EUROPE__LEADS",
      "SOURCES__CRM__EUROPE__LEADS",
      "SOURCES__CRM__LEADS",
      "SOURCES__CRM",
      "SOURCES__LEADS",
      "SOURCES",
    ];
    const index = places.indexOf(place);
    const env = Object.fromEntries(
      places.slice(index).map((each, nth) => [`${each}__INCREMENTAL__LAG`, `${nth + 10}`]),
    );
    expect(configured(declared(), env)?.lag).toBe(10);
  });

  test("of a resource with a section of its own are below that", () => {
    const made = resource({ name: "leads", section: "own", incremental: incremental("at") }, () => []);
    expect(configured(made, { SOURCES__OWN__LEADS__INCREMENTAL__LAG: "3" })?.lag).toBe(3);
    expect(configured(made, { SOURCES__CRM__LEADS__INCREMENTAL__LAG: "3" })?.lag).toBeUndefined();
  });

  test("a bare value is the initial value", () => {
    expect(configured(declared(), { SOURCES__CRM__LEADS__INCREMENTAL: "7" })).toMatchObject({
      initialValue: 7,
      lag: 2,
    });
    expect(configured(plain(), { SOURCES__CRM__LEADS__INCREMENTAL: "7" })).toBeUndefined();
  });

  test("give a resource without a cursor one, as soon as there is a path", () => {
    const env = { SOURCES__CRM__LEADS__INCREMENTAL__INITIAL_VALUE: "2024-01-02" };
    expect(configured(plain(), env)).toBeUndefined();
    const path = { SOURCES__CRM__LEADS__INCREMENTAL__CURSOR_PATH: "id" };
    expect(configured(plain(), { ...env, ...path })).toMatchObject({ cursorPath: "id", initialValue: "2024-01-02" });
    const type = { SOURCES__CRM__LEADS__INCREMENTAL__CURSOR_TYPE: "timestamp" };
    expect(configured(plain(), { ...env, ...path, ...type })?.initialValue).toEqual(
      new Timestamp({ seconds: 1_704_153_600, offsetMinutes: null }),
    );
  });

  test("leave what code changed later", () => {
    const env = { SOURCES__CRM__LEADS__INCREMENTAL__LAG: "9", SOURCES__CRM__LEADS__INCREMENTAL__INITIAL_VALUE: "9" };
    const changed = declared().applyHints({ incremental: { initialValue: 4 } });
    expect(configured(changed, env)).toMatchObject({ initialValue: 4, lag: 9 });
    const replaced = declared().applyHints({ incremental: incremental("id") });
    expect(configured(replaced, env)).toEqual(cursorOf(resourceDefinition(replaced).steps));
    const path = { SOURCES__CRM__LEADS__INCREMENTAL__CURSOR_PATH: "id" };
    expect(configured(declared().applyHints({ incremental: null }), path)).toBeUndefined();
  });

  test("do not reach the source itself, nor what is not read", () => {
    const env = { SOURCES__INCREMENTAL__LAG: "9" };
    const made = declared();
    configured(made, env);
    expect(cursorOf(resourceDefinition(made).steps)?.lag).toBe(2);
    expect(configured(declared().applyHints({ selected: false }), env)?.lag).toBe(2);
  });

  test("are reported with their place", () => {
    const found: ResolvedSetting[] = [];
    const env = { SOURCES__CRM__LEADS__INCREMENTAL__LAG: "9" };
    const source = { name: "europe", section: "crm", resources: new Map([["leads", declared()]]) };
    configureCursors(
      source,
      configOf(env, (setting) => found.push(setting)),
    );
    expect(found).toEqual([
      expect.objectContaining({ key: "lag", sections: ["sources", "crm", "leads", "incremental"], value: 9 }),
    ]);
  });

  test.each<[string, string, string]>([
    ["LAG", "much", "expected a number"],
    ["ROW_ORDER", "up", "expected `asc`, `desc`"],
    ["INITIAL_VALUE", "soon", "expected a number"],
    ["PRIMARY_KEY", "[5]", "a name, or a list of names"],
    ["ALLOW_EXTERNAL_SCHEDULERS", "perhaps", "expected yes or no"],
  ])("an unusable `%s` is refused with its key", (key, value, problem) => {
    const name = `SOURCES__CRM__LEADS__INCREMENTAL__${key}`;
    const message = expect.stringMatching(new RegExp(`Resource \`leads\` of source \`europe\` .*${name}.*${problem}`));
    expect(() => configured(declared(), { [name]: value })).toThrow(
      expect.objectContaining({ code: "CONFIG_VALUE_INVALID", message }),
    );
  });

  test("an unusable bare value is refused with its key", () => {
    expect(() => configured(declared(), { SOURCES__CRM__LEADS__INCREMENTAL: "soon" })).toThrow(
      "`SOURCES__CRM__LEADS__INCREMENTAL` in Environment Variables",
    );
  });

  test("a range that does not fit together is refused", () => {
    expect(() => configured(declared(), { SOURCES__CRM__LEADS__INCREMENTAL__END_VALUE: "0" })).toThrow(
      expect.objectContaining({ code: "INCREMENTAL_OPTION_INVALID" }),
    );
  });
});
