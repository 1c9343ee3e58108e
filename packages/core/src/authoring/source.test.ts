import { afterEach, describe, expect, test } from "vitest";
import { sourceDefinition } from "./brand.js";
import { resource } from "./resource.js";
import { secretOf } from "./secret.js";
import { installSettings, type SettingsLookup, secret, setting } from "./settings.js";
import { source } from "./source.js";
import { transformer } from "./transformer.js";

const letters = resource({ name: "letters" }, () => [{ letter: "a" }]);
const digits = resource({ name: "digits", selected: false }, () => [{ digit: 1 }]);
const both = source({ name: "both", section: "tests" }, () => [letters, digits]);

async function rowsOf<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

describe("source", () => {
  test("holds copies of its resources", () => {
    const made = both();
    made.resources.letters.addMap((row) => row);
    expect(both().resources.letters).not.toBe(made.resources.letters);
    expect(made.resources.letters).not.toBe(letters);
    expect(Object.keys(made.resources)).toEqual(["letters", "digits"]);
    expect([...sourceDefinition(made).resources.keys()]).toEqual(["letters", "digits"]);
    expect(sourceDefinition(made)).toMatchObject({ name: "both", section: "tests" });
  });

  test("selects what it is told, in a copy or in itself", () => {
    const made = both();
    expect([made.resources.letters.selected, made.resources.digits.selected]).toEqual([true, false]);
    const picked = made.withResources("digits");
    expect(Object.keys(picked.resources)).toEqual(["digits"]);
    expect(picked.resources.digits.selected).toBe(true);
    expect(made.resources.digits.selected).toBe(false);
    expect(made.select("digits")).toBe(made);
    expect([made.resources.letters.selected, made.resources.digits.selected]).toEqual([false, true]);
  });

  test("names the resources that it has when one is unknown, and changes nothing", () => {
    const made = both();
    expect(() => made.select("nothing" as never)).toThrow(
      expect.objectContaining({ code: "RESOURCE_UNKNOWN", hint: expect.stringMatching("letters, digits") }),
    );
    expect(made.resources.letters.selected).toBe(true);
  });

  test("keeps the resource that feeds another, unselected, when only the other is wanted", () => {
    const parents = source({ name: "parents" }, () => {
      const a = resource({ name: "a" }, () => [{ n: 1 }]);
      return [a, a.pipe(transformer({ name: "b" }, (row: { n: number }) => ({ m: row.n })))];
    });
    const picked = parents().withResources("b");
    expect(Object.keys(picked.resources)).toEqual(["b"]);
  });

  test("limits what is read, also for those that are only fed by it", async () => {
    const parents = source({ name: "parents" }, () => {
      const a = resource({ name: "a" }, () => [{ n: 1 }, { n: 2 }]);
      const b = a.pipe(transformer({ name: "b" }, ({ n }: { n: number }) => [{ b: n }, { b: -n }]));
      return [a, b, b.pipe(transformer({ name: "c" }, ({ b: c }: { b: number }) => ({ c })))];
    });
    const one = parents();
    expect(await rowsOf(one.addLimit(1))).toEqual([{ n: 1 }, { b: 1 }, { b: -1 }, { c: 1 }, { c: -1 }]);
    expect(await rowsOf(one.withResources("c").addLimit(2))).toHaveLength(4);
    expect(await rowsOf(one)).toHaveLength(5);
    expect(await rowsOf(one.addLimit(null))).toHaveLength(10);
  });

  test("refuses two resources of one name", () => {
    const twice = source({ name: "twice" }, () => [letters, letters.withName("digits").withName("letters")]);
    expect(() => twice()).toThrow(expect.objectContaining({ code: "RESOURCE_DUPLICATE" }));
  });

  test("refuses to be declared without a function", () => {
    expect(() => source({ name: "nothing" }, undefined as never)).toThrow(
      expect.objectContaining({ code: "SOURCE_RESOURCES_MISSING", context: { source: "nothing" } }),
    );
  });

  test("refuses what is no list of resources", () => {
    const nothing = source({ name: "nothing" }, (() => [{ a: 1 }]) as never);
    expect(nothing).toThrow(expect.objectContaining({ code: "SOURCE_RESOURCES_MISSING" }));
  });

  test("is a promise when its function is asynchronous", async () => {
    const later = source({ name: "later" }, async () => [letters]);
    expect((await later()).resources.letters.name).toBe("letters");
  });
});

describe("settings", () => {
  afterEach(() => installSettings(undefined));

  const configured = source(
    {
      name: "github",
      section: "vcs",
      config: {
        token: secret(),
        perPage: setting({ default: 100 }),
        base: setting({ parse: (text: string) => new URL(text) }),
      },
    },
    ({ token, perPage, base }, { owner = "nobody" }: { owner?: string }) => [
      resource({ name: "seen" }, () => [{ token: token.reveal(), perPage, base: base.href, owner }]),
    ],
  );

  test("are taken from the call, a secret also as text, the rest is handed to the function", async () => {
    const { seen } = configured({ token: "t", base: new URL("https://a.org") as never, owner: "me" }).resources;
    for await (const row of seen)
      expect(row).toEqual({ token: "t", perPage: 100, base: "https://a.org/", owner: "me" });
  });

  test("that are missing are named", () => {
    expect(() => configured({ token: "t" })).toThrow(
      expect.objectContaining({ code: "CONFIG_FIELD_MISSING", message: expect.stringMatching("`base`") }),
    );
  });

  test("are looked up where an engine is installed", () => {
    const requests: Parameters<SettingsLookup>[0][] = [];
    installSettings((request) => {
      requests.push(request);
      return { token: secretOf("found"), perPage: 1, base: new URL("https://b.org") };
    });
    configured({ perPage: 5, owner: "me" });
    expect(requests).toMatchObject([
      { owner: "Source `github`", sections: ["sources", "vcs", "github"], given: { perPage: 5 } },
    ]);
    expect(Object.keys(requests[0]?.spec ?? {})).toEqual(["token", "perPage", "base"]);
  });

  test("a secret prints as nothing and is fetched when it is revealed", () => {
    let fetched = 0;
    const hidden = secretOf(() => `secret ${++fetched}`);
    expect([`${hidden}`, JSON.stringify({ hidden }), Object.keys(hidden)]).toEqual([
      "[secret]",
      '{"hidden":"[secret]"}',
      [],
    ]);
    expect(fetched).toBe(0);
    expect([hidden.reveal(), hidden.reveal()]).toEqual(["secret 1", "secret 1"]);
  });
});
