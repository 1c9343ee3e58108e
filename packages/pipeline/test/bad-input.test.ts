import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { incremental, type JsonText, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";

/** Names that mean something to every JavaScript object. */
const inheritedNames = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "then"];

/** What every object inherits: equal before and after when nothing was written there. */
function inherited(): unknown {
  return [Object.prototype, Function.prototype, Array.prototype].map((owner) =>
    Reflect.ownKeys(owner).map((key) => [key, Object.getOwnPropertyDescriptor(owner, key)]),
  );
}

const levels = 100_000;
const deepText = `{"id":1,"doc":${'{"a":['.repeat(levels / 2)}1${"]}".repeat(levels / 2)}}`;
const deepRow = (): unknown => {
  let doc: unknown = 1;
  for (let level = 0; level < levels / 2; level++) doc = { a: [doc] };
  return { id: 1, doc };
};
const lines = (text: string): JsonText => ({ jsonText: new TextEncoder().encode(text), framing: "lines" });
const named = <Value>(name: string, value: Value) =>
  JSON.parse(`{"${name}":${JSON.stringify(value)}}`) as Readonly<Record<string, Value>>;

describe("names that objects inherit", { timeout: 30_000 }, () => {
  test.each(["snake_case", "duck_case", "direct"])("are tables and columns under %s", async (naming) => {
    const before = inherited();
    const machine = await newMachine();
    const p = machine.pipeline({ naming });
    const tables = inheritedNames.map((name) =>
      resource({ name: `r_${name}`, tableName: name, columns: named(name, { dataType: "bigint" } as const) }, () => [
        { id: 1, ...named(name, 5) },
        { id: 2, ...named(name, "6") },
      ]),
    );
    const info = await p.run(tables);
    const again = await p.run(tables);
    for (const { rowCounts } of [info, again]) {
      expect(Object.keys(rowCounts)).toHaveLength(inheritedNames.length);
      expect(Object.values(rowCounts)).toEqual(inheritedNames.map(() => 2));
    }
    for (const table of Object.keys(info.rowCounts)) {
      expect(await machine.query(`SELECT sum("${table}") AS total FROM "${table}"`)).toEqual([{ total: 22 }]);
    }
    expect(inherited()).toEqual(before);
  });

  test("are keys of rows at any level", async () => {
    const before = inherited();
    const machine = await newMachine();
    const text = `{"id":1,${inheritedNames.map((name) => `"${name}":{"polluted":[{"${name}":1}]}`).join(",")}}`;
    const info = await machine.pipeline().run([JSON.parse(text)], { tableName: "items" });
    await machine.pipeline().run(
      resource({ name: "items" }, function* () {
        yield lines(text);
      }).addMap((row) => row),
    );
    expect(Object.keys(info.rowCounts)).toHaveLength(inheritedNames.length + 1);
    expect(await machine.query("SELECT count(*) AS n, sum(proto) AS total FROM items__proto__polluted")).toEqual([
      { n: 2, total: 2 },
    ]);
    expect(inherited()).toEqual(before);
    expect("polluted" in {}).toBe(false);
  });

  test.each(inheritedNames)("`%s` is a name of a source, a resource, a cursor and of state", async (name) => {
    const before = inherited();
    const machine = await newMachine();
    const make = () =>
      source({ name }, () => [
        resource(
          { name, tableName: "items", incremental: incremental(`"${name}"`) },
          function* ({ state, sourceState }) {
            state["runs"] = Number(state["runs"] ?? 0) + 1;
            Object.defineProperty(sourceState, name, {
              value: 1,
              enumerable: true,
              configurable: true,
              writable: true,
            });
            yield [named(name, 1), named(name, 2), ...(state["runs"] === 2 ? [named(name, 3)] : [])];
          },
        ),
      ])();
    const p = machine.pipeline();
    expect((await p.run(make())).rowCounts).toEqual({ items: 2 });
    expect((await p.run(make())).rowCounts).toEqual({ items: 1 });
    expect(Object.keys(p.state.sources)).toEqual([name]);
    const state = Object.values(p.state.sources)[0];
    expect(Object.keys(state ?? {}).sort()).toEqual(["resources", name].sort());
    expect(Object.keys(state?.resources ?? {})).toEqual([name]);
    await p.extract(make());
    await p.dropPending();
    const other = await newMachine({ database: machine.database });
    const q = other.pipeline();
    await q.sync();
    expect(q.schemaNames).toEqual([name]);
    expect(inherited()).toEqual(before);
  });
});

describe("text that is hard to hold", { timeout: 30_000 }, () => {
  test("half surrogate pairs become U+FFFD, as object and as text", async () => {
    const machine = await newMachine();
    await machine.pipeline().run([{ "a\ud800": "x\udc00y" }], { tableName: "items" });
    const page = resource({ name: "items" }, function* () {
      yield lines('{"a\\ud800":"x\\udc00y"}');
    });
    await machine.pipeline().run(page);
    await machine.pipeline().run(page.addMap((row) => row));
    expect(await machine.query("SELECT ax, count(*) AS n FROM items GROUP BY ax")).toEqual([{ ax: "x\ufffdy", n: 3 }]);
  });

  test("the character 0 and byte order marks are kept in values; one before the text is left out", async () => {
    const machine = await newMachine();
    const path = join(machine.folder, "items.jsonl");
    await writeFile(path, '\ufeff{"a":"\ufeffx\\u0000y"}\n');
    await machine.pipeline().run(path);
    const page = resource({ name: "items" }, function* () {
      yield { jsonText: new TextEncoder().encode('\ufeff[{"a":"\ufeffx\\u0000y"}]'), framing: "array" } as const;
    });
    await machine.pipeline().run(page);
    await machine.pipeline().run(page.addMap((row) => row));
    // The driver leaves out byte order marks when it reads.
    const values = "SELECT unicode(a) AS mark, right(a, 3) AS a, count(*) AS n FROM items GROUP BY ALL";
    expect(await machine.query(values)).toEqual([{ mark: 0xfeff, a: "x\0y", n: 3 }]);
  });

  test.each([false, true])("text that is not UTF-8 is refused, looked at by a step: %s", async (isMapped) => {
    const machine = await newMachine();
    const page = resource({ name: "items" }, function* () {
      yield { jsonText: Uint8Array.of(0x22, 0xff, 0x22), framing: "lines" } as const;
    });
    const run = machine.pipeline().run(isMapped ? page.addMap((row) => row) : page);
    await expect(run).rejects.toMatchObject({ code: isMapped ? "JSON_TEXT_INVALID" : "ROW_TEXT_INVALID" });
  });

  test("keys and tables of 10,000 characters are shortened to what the destination takes", async () => {
    const machine = await newMachine();
    const key = "k".repeat(70_000);
    const p = machine.pipeline();
    const info = await p.run([{ [`${key}a`]: 1, [`${key}b`]: 2, [key]: [{ [key]: 3 }] }], { tableName: key });
    const names = Object.keys(info.rowCounts);
    expect(names).toHaveLength(2);
    const columns = await machine.query("SELECT max(length(column_name)) AS longest FROM information_schema.columns");
    expect(Number(columns[0]?.["longest"])).toBeLessThanOrEqual(65_536);
    expect(Object.values((await p.run([{ [`${key}a`]: 1 }], { tableName: key })).rowCounts)).toEqual([1]);
  });
});

describe(`nesting of ${levels} levels`, { timeout: 60_000 }, () => {
  const asText = resource({ name: "items" }, function* () {
    yield lines(deepText);
  });
  const asRows = resource({ name: "items" }, () => [deepRow()]);
  const length = deepText.length - '{"id":1,"doc":}'.length;

  test.each([
    ["objects", asRows],
    ["text", asText],
    ["objects, seen by a step", asRows.withName("items").addMap((row) => row)],
    ["text, seen by a step", asText.withName("items").addMap((row) => row)],
  ])("is a document in a json column: %s", async (_, rows) => {
    const machine = await newMachine();
    await machine.pipeline().run(rows, { maxTableNesting: 0 });
    expect(await machine.query("SELECT length(doc::VARCHAR) AS length FROM items")).toEqual([{ length }]);
  });

  test("in state is refused", async () => {
    const machine = await newMachine();
    const deep = resource({ name: "items" }, function* ({ state }) {
      state["deep"] = deepRow();
      yield [{ id: 1 }];
    });
    await expect(machine.pipeline().run(deep)).rejects.toMatchObject({ code: "SOURCE_STATE_INVALID" });
  });
});

test("a value that throws when it is read is told with its path and not with what it threw", async () => {
  const machine = await newMachine();
  const row = {
    id: 2,
    get secret(): never {
      throw new Error("hunter2");
    },
  };
  const error: unknown = await machine
    .pipeline()
    .run([{ id: 1 }, row], { tableName: "items" })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "SOURCE_ROW_INVALID" });
  expect(String(error)).toContain("`secret` of row 2");
  expect(String(error)).not.toContain("hunter2");
});

test("a decimal of a thousand million digits does not fit", async () => {
  const machine = await newMachine();
  const columns = { a: { dataType: "decimal" } } as const;
  const run = machine.pipeline().run([{ a: "1e1000000000" }], { tableName: "items", columns });
  await expect(run).rejects.toMatchObject({ code: "FILE_VALUE_OUT_OF_RANGE" });
});
