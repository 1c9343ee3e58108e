import { isDltError } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { parseLayout } from "./layout.js";
import { objectNames } from "./object-names.js";
import { type ExtraPlaceholders, parseExtraPlaceholders } from "./placeholders.js";

const plan = {
  loadId: "1718888888.123456",
  schemaName: "chess",
  files: [{ jobId: "users.a1b2c3d4e5.jsonl.gz", table: "users" }],
};

interface NameOptions {
  readonly extra?: ExtraPlaceholders;
  readonly currentDatetime?: string | Date | (() => string | Date);
  readonly showsCompression?: boolean;
  readonly files?: typeof plan.files;
}

function namesOf(layout: string, options: NameOptions = {}): readonly string[] {
  const { extra = {}, currentDatetime, showsCompression = true, files = plan.files } = options;
  const naming = { layout: parseLayout(layout, extra), extra, currentDatetime, showsCompression };
  return [...objectNames({ ...plan, files }, naming).values()];
}

function problemOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isDltError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("There was no error.");
}

describe("names of objects", () => {
  test.each([
    ["{table_name}/{load_id}.{file_id}.{ext}", "users/1718888888.123456.a1b2c3d4e5.jsonl.gz"],
    [
      "{schema_name}/{table_name}/{YYYY}/{MM}/{load_id}.{file_id}.{ext}",
      "chess/users/2024/06/1718888888.123456.a1b2c3d4e5.jsonl.gz",
    ],
    ["{table_name}_{file_id}-{load_id}", "users_a1b2c3d4e5-1718888888.123456"],
    [
      "lake/{table_name}/at={load_package_timestamp_ms}/{timestamp}/{curr_date}/{MMMM}-{ddd}/{load_id}.{file_id}.{ext}",
      "lake/users/at=1718888888123/1718888888/2024-06-20/june-thu/1718888888.123456.a1b2c3d4e5.jsonl.gz",
    ],
    ["{table_name}/{table_name}.{load_id}.{file_id}", "users/users.1718888888.123456.a1b2c3d4e5"],
  ])("%s", (layout, name) => {
    expect(namesOf(layout)).toEqual([name]);
  });

  test("the current time is that of the load, or the one that is given, at its offset", () => {
    const layout = "{table_name}/{timestamp}/{HH}{mm}/{load_package_timestamp}.{load_id}.{file_id}";
    const name = (time: string) => [`users/${time}/1718888888.1718888888.123456.a1b2c3d4e5`];
    expect(namesOf(layout)).toEqual(name("1718888888/1308"));
    expect(namesOf(layout, { currentDatetime: "2024-06-20T23:00:00+02:00" })).toEqual(name("1718917200/2300"));
    expect(namesOf(layout, { currentDatetime: new Date(0) })).toEqual(name("0/0000"));
  });

  test("a function of the current time is asked once for a load", () => {
    let calls = 0;
    const currentDatetime = () => new Date(++calls * 1000);
    const files = ["a1b2c3d4e5", "b1b2c3d4e5"].map((id) => ({ jobId: `users.${id}.jsonl`, table: "users" }));
    expect(namesOf("{table_name}/{timestamp}.{load_id}.{file_id}", { currentDatetime, files })).toEqual([
      "users/1.1718888888.123456.a1b2c3d4e5",
      "users/1.1718888888.123456.b1b2c3d4e5",
    ]);
  });

  test("placeholders of one's own are values, or functions of the file", () => {
    const extra: ExtraPlaceholders = {
      owner: "data/team",
      number: 7,
      file: (file) => [file.schemaName, file.tableName, file.loadId, file.fileId, file.ext].join("+"),
    };
    expect(namesOf("{table_name}/{owner}/{number}/{file}/{load_id}.{file_id}", { extra })).toEqual([
      "users/data/team/7/chess+users+1718888888.123456+a1b2c3d4e5+jsonl.gz/1718888888.123456.a1b2c3d4e5",
    ]);
  });

  test("names that cannot be parts of a path are encoded", () => {
    const files = ["a/b", "..", "100%", "ünï", "end."].map((table, index) => ({
      jobId: `x.a1b2c3d4e${index}.csv`,
      table,
    }));
    expect(namesOf("{table_name}/{load_id}.{file_id}", { files }).map((name) => name.split("/")[0])).toEqual([
      "a%2Fb",
      "%2E%2E",
      "100%25",
      "ünï",
      "end%2E",
    ]);
  });

  test("datasets of the first version do not show that files are compressed", () => {
    expect(namesOf("{table_name}/{load_id}.{file_id}.{ext}", { showsCompression: false })).toEqual([
      "users/1718888888.123456.a1b2c3d4e5.jsonl",
    ]);
  });
});

describe("layouts that are refused", () => {
  test.each([
    ["{table_name}/{load_id}.{file_id}.{extension}", "`{extension}` is no placeholder"],
    ["{table_name}/{load_id:>20}.{file_id}", "`{load_id:>20}` is no placeholder"],
    ["{table_name}/{file_id}.{ext}", "it lacks `{load_id}`"],
    ["{table_name}/{load_id}.{ext}", "it lacks `{file_id}`"],
    ["{load_id}.{file_id}", "it lacks `{table_name}`"],
    ["{table_name}{load_id}.{file_id}", "no separator follows `{table_name}`"],
    ["{table_name}1{load_id}.{file_id}", "a letter or digit follows `{table_name}`"],
    ["{YYYY}/{table_name}/{load_id}.{file_id}", "`{YYYY}` stands before `{table_name}`"],
    ["{schema_name}{table_name}/{load_id}.{file_id}", "no separator stands between"],
    ["/{table_name}/{load_id}.{file_id}", "it has an empty part"],
    ["../{table_name}/{load_id}.{file_id}", "it has an empty part, `.` or `..`"],
    ["{table_name}//{load_id}.{file_id}", "it has an empty part"],
    ["{table_name}/{load_id}.{file_id", "its braces do not match"],
    ["{{table_name}}/{load_id}.{file_id}", "its braces do not match"],
  ])("%s", (layout, reason) => {
    const problem = problemOf(() => parseLayout(layout));
    expect(problem).toContain("FILE_LAYOUT_INVALID");
    expect(problem).toContain(reason);
  });
});

test.each([[{ tag: "x" }], [{ tag: () => "x" }]])(
  "placeholders of one's own need a folder for each table, since their values change: %j",
  (extra) => {
    expect(problemOf(() => parseLayout("{table_name}_{tag}_{load_id}.{file_id}", extra))).toContain(
      "`{tag}` is a placeholder of your own, so that `/` has to follow `{table_name}`",
    );
    expect(parseLayout("{table_name}/{tag}_{load_id}.{file_id}", extra).segments).toHaveLength(7);
  },
);

test("nothing is put below the file that says that the dataset is there", () => {
  const files = [{ jobId: "init.a1b2c3d4e5.jsonl", table: "init" }];
  expect(problemOf(() => namesOf("{table_name}/{load_id}.{file_id}", { files }))).toContain(
    "FILE_LAYOUT_INVALID: The layout gives a file of table `init` the name `init/",
  );
  expect(namesOf("{schema_name}/{table_name}/{load_id}.{file_id}", { files })).toHaveLength(1);
});

describe("placeholders of one's own that are refused", () => {
  test.each([
    [{ "a b": 1 }, "expected a name of letters"],
    [{ load_id: "x" }, "expected another name than `load_id`"],
    [{ a: null }, "expected `a` to be"],
    ["[1]", "expected an object"],
  ])("%j", (native, reason) => {
    expect(() => parseExtraPlaceholders(native)).toThrow(reason);
  });

  test.each(["", "../..", "a//b", "/a", ".", "nul\0"])("the value %j, which no name can have", (value) => {
    for (const tag of [value, () => value])
      expect(problemOf(() => namesOf("{table_name}/{tag}/{load_id}.{file_id}", { extra: { tag } }))).toContain(
        "FILE_PLACEHOLDER_INVALID: The layout gives a file of table `users` the name",
      );
  });

  test("functions that fail or give nothing usable", () => {
    const layout = "{table_name}/{tag}.{load_id}.{file_id}";
    const fails = () => {
      throw new Error("no tag");
    };
    expect(problemOf(() => namesOf(layout, { extra: { tag: fails } }))).toBe(
      "FILE_PLACEHOLDER_INVALID: The function of the placeholder `tag` failed: no tag.",
    );
    const nothing = (() => undefined) as unknown as () => string;
    expect(problemOf(() => namesOf(layout, { extra: { tag: nothing } }))).toContain("gave neither a text nor a number");
    expect(problemOf(() => namesOf(layout, { extra: { tag: "" }, currentDatetime: () => "soon" }))).toContain(
      "`current_datetime` gave no time",
    );
  });
});
