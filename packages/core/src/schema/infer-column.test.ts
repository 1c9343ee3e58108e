import { describe, expect, it } from "vitest";
import { isDltError } from "../errors/index.js";
import { namingConvention } from "../naming/naming-convention.js";
import { addDefaultHints, setDetections, setPreferredTypes } from "./change-settings.js";
import { completeColumn, inferColumn, variantName } from "./infer-column.js";
import { newSchema } from "./new-schema.js";
import { compileSettings } from "./settings.js";

const microseconds = { timestampPrecision: 6, maxTimestampPrecision: 6 };
const settings = compileSettings(newSchema("s"));

describe("inferColumn", () => {
  it.each([
    ["_dlt_load_id", { dataType: "text", nullable: false }],
    ["_dlt_id", { dataType: "text", nullable: false, unique: true, rowKey: true }],
    ["_dlt_parent_id", { dataType: "text", nullable: false, parentKey: true }],
    ["_dlt_list_idx", { dataType: "bigint", nullable: false }],
    ["_dlt_root_id", { dataType: "text", nullable: false, rootKey: true }],
    ["title", { dataType: "text", nullable: true }],
  ] as const)("gives %s its hints", (name, expected) => {
    const column = inferColumn(settings, { name, dataType: expected.dataType }, microseconds);
    expect(Object.entries(column)).toEqual(Object.entries({ name, ...expected }));
  });

  it("marks variants", () => {
    expect(inferColumn(settings, { name: "a__v_text", dataType: "text", variant: true }, microseconds).variant).toBe(
      true,
    );
  });

  it.each([
    [{ dataType: "timestamp" }, { timestampPrecision: 6, maxTimestampPrecision: 9 }, undefined],
    [{ dataType: "timestamp", precision: 9 }, { timestampPrecision: 6, maxTimestampPrecision: 9 }, 9],
    [{ dataType: "timestamp", precision: 9 }, microseconds, undefined],
    [{ dataType: "timestamp", precision: 3 }, microseconds, 3],
    [{ dataType: "time", precision: 0 }, microseconds, 0],
    [{ dataType: "timestamp" }, { timestampPrecision: 6, maxTimestampPrecision: 3 }, 3],
    [{ dataType: "bigint", precision: 32 }, microseconds, 32],
  ] as const)("adjusts the precision of %j to %j", (column, precisions, precision) => {
    expect(inferColumn(settings, { name: "a", ...column }, precisions).precision).toBe(precision);
  });
});

describe("completeColumn", () => {
  it("lets what was declared win", () => {
    const inferred = inferColumn(settings, { name: "a", dataType: "bigint" }, microseconds);
    expect(completeColumn(undefined, inferred)).toBe(inferred);
    expect(completeColumn({ name: "a", nullable: false, sort: true, dataType: null }, inferred)).toEqual({
      name: "a",
      dataType: "bigint",
      nullable: false,
      sort: true,
    });
  });
});

describe("variantName", () => {
  it("is the column and the type, shortened as a whole", () => {
    expect(variantName(namingConvention("snake_case", null), "a", "text")).toBe("a__v_text");
    const short = namingConvention("snake_case", 12);
    expect(variantName(short, "some_column", "text")).toBe(short.shortenFragments("some_column", "v_text"));
  });
});

describe("compileSettings", () => {
  it("finds the first preferred type in order", () => {
    const preferred = compileSettings(
      setPreferredTypes(newSchema("s"), { "re:_at$": "timestamp", created_at: "text", Amount: "decimal" }),
    );
    expect(["created_at", "amount", "other"].map((column) => preferred.preferredType(column))).toEqual([
      "timestamp",
      "decimal",
      undefined,
    ]);
  });

  it("takes the detections of old documents when the settings have none", () => {
    const schema = newSchema("s");
    const old = { ...schema, settings: {}, normalizers: { ...schema.normalizers, detections: ["iso_date"] } };
    expect(compileSettings(old).detections).toEqual(["iso_date"]);
    expect(compileSettings({ ...old, settings: { detections: [] } }).detections).toEqual([]);
  });

  it.each([
    ["an unknown detection", () => setDetections(newSchema("s"), ["unix_time" as never]), "SCHEMA_SETTINGS_INVALID"],
    ["a rule that is no expression", () => addDefaultHints(newSchema("s"), { sort: ["re:["] }), "SCHEMA_RULE_INVALID"],
    ["a rule without its prefix", () => setPreferredTypes(newSchema("s"), { "^a": "text" }), "SCHEMA_RULE_INVALID"],
    [
      "a default direction for duplicates",
      () => compileSettings(addDefaultHints(newSchema("s"), { dedupSort: ["seq"] })).hintsOf("seq"),
      "SCHEMA_SETTINGS_INVALID",
    ],
  ])("refuses %s", (_, call, code) => {
    let error: unknown;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(isDltError(error) && error.code).toBe(code);
  });
});
