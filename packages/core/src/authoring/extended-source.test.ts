import { describe, expect, test } from "vitest";
import { resourceDefinition, sourceDefinition } from "./brand.js";
import { resource } from "./resource.js";
import { installSettings, type SettingsLookup, setting } from "./settings.js";
import { source } from "./source.js";
import { transformer } from "./transformer.js";

async function rowsOf<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

const tagged = <const Name extends string>(name: Name) =>
  transformer({ name }, (row: { n: number }) => ({ [name]: row.n }));

/** `parent`, which counts how often it is read, `a` and `b` that it feeds, and `lone`. */
function family() {
  const seen = { reads: 0, closed: 0 };
  const make = source({ name: "family" }, () => {
    const parent = resource({ name: "parent" }, async function* () {
      seen.reads++;
      try {
        yield [{ n: 1 }, { n: 2 }];
        yield [{ n: 3 }];
      } finally {
        seen.closed++;
      }
    });
    const lone = resource({ name: "lone" }, () => [{ l: 1 }, { l: 2 }]);
    return [parent, parent.pipe(tagged("a")), parent.pipe(tagged("b")), lone];
  });
  return { made: make(), seen };
}

describe("iterating", () => {
  test("gives an item of each resource in turn with what comes of it, and reads each once", async () => {
    const { made, seen } = family();
    expect(await rowsOf(made)).toEqual([
      ...[{ n: 1 }, { n: 2 }, { a: 1 }, { a: 2 }, { b: 1 }, { b: 2 }],
      ...[{ l: 1 }, { l: 2 }],
      ...[{ n: 3 }, { a: 3 }, { b: 3 }],
    ]);
    expect(seen).toEqual({ reads: 1, closed: 1 });
  });

  test("gives what is selected; what feeds it is read", async () => {
    const { made, seen } = family();
    expect(await rowsOf(made.withResources("b"))).toEqual([{ b: 1 }, { b: 2 }, { b: 3 }]);
    expect(await rowsOf(made.withResources())).toEqual([]);
    expect(seen.reads).toBe(1);
  });

  test("several calls at a time, too, give all rows in order", async () => {
    const many = source({ name: "many" }, () => {
      const parent = resource({ name: "parent", selected: false }, () => [[1, 2, 3].map((n) => ({ n })), [{ n: 4 }]]);
      return [
        parent.pipe(transformer({ name: "slow", parallelized: true }, async ({ n }: { n: number }) => ({ n: n * 10 }))),
      ];
    });
    expect(await rowsOf(many())).toEqual([{ n: 10 }, { n: 20 }, { n: 30 }, { n: 40 }]);
  });

  test("that ends early closes what was begun, and an error names its source", async () => {
    const { made, seen } = family();
    for await (const row of made) if ("a" in row) break;
    expect(seen.closed).toBe(1);
    const failing = source({ name: "failing" }, () => [
      resource({ name: "r" }, async function* () {
        yield [{ n: 1 }];
        throw new Error("gone");
      }),
    ]);
    await expect(rowsOf(failing())).rejects.toMatchObject({ context: { source: "failing", resource: "r", page: 2 } });
  });

  test("shares the state of the source, which is empty each time", async () => {
    const counting = source({ name: "counting" }, () =>
      ["x", "y"].map((name) =>
        resource({ name }, ({ sourceState }) => {
          sourceState["n"] = Number(sourceState["n"] ?? 0) + 1;
          return [{ n: sourceState["n"] }];
        }),
      ),
    );
    const made = counting();
    expect(await rowsOf(made)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await rowsOf(made)).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

describe("adding", () => {
  test("takes a copy, under its name", async () => {
    const extra = resource({ name: "extra" }, () => [{ e: 1 }]);
    const { made } = family();
    const more = made.add(extra);
    expect(more).toBe(made);
    expect(more.resources.extra).not.toBe(extra);
    extra.addMap(() => ({ e: 9 }));
    expect(await rowsOf(more.withResources("extra"))).toEqual([{ e: 1 }]);
    expect(Object.keys(more.resources)).toEqual(["parent", "a", "b", "lone", "extra"]);
  });

  test("what is fed by a resource of this source shares it", async () => {
    const { made, seen } = family();
    made.add(made.resources.parent.pipe(tagged("c"))).add(made.resources.a.pipe(tagged("d") as never));
    await rowsOf(made);
    expect(seen.reads).toBe(1);
  });

  test("two that are fed by the same resource share it", async () => {
    let reads = 0;
    const parent = resource({ name: "p" }, () => {
      reads++;
      return [{ n: 1 }];
    });
    const made = source({ name: "empty" }, () => [])();
    made.add(parent.pipe(tagged("a"))).add(parent.pipe(tagged("b")));
    expect(await rowsOf(made)).toEqual([{ a: 1 }, { b: 1 }]);
    expect(reads).toBe(1);
  });

  test("refuses a name that is taken, and what is no resource", () => {
    const { made } = family();
    const lone = resource({ name: "lone" }, () => []);
    expect(() => made.add(lone)).toThrow(expect.objectContaining({ code: "RESOURCE_DUPLICATE" }));
    expect(() => made.add({} as never)).toThrow(expect.objectContaining({ code: "SOURCE_RESOURCES_MISSING" }));
    expect(Object.keys(made.resources)).toHaveLength(4);
  });
});

describe("copies", () => {
  test("under another name have resources of their own", () => {
    const { made } = family();
    const other = made.withName("other");
    expect([made.name, other.name]).toEqual(["family", "other"]);
    other.resources.lone.addLimit(1);
    expect(resourceDefinition(made.resources.lone).steps).toEqual([]);
    const parents = [other.resources.a, other.resources.b].map((each) => {
      const { body } = resourceDefinition(each);
      return body.kind === "transformer" ? body.parent : null;
    });
    expect(parents[0]).toBe(other.resources.parent);
    expect(parents[1]).toBe(other.resources.parent);
  });

  test("remember the name that the schema document has", () => {
    const shop = source({ name: "shop", schema: { name: "shop" } }, () => []);
    const names = [
      shop(),
      shop().withName("a").withName("b"),
      shop.with({ name: "c" }).with({ name: "d" })(),
      shop.with({ name: "e", schema: { name: "e" } })(),
    ].map((made) => sourceDefinition(made).schemaName);
    expect(names).toEqual([undefined, "shop", "shop", undefined]);
  });
});

describe("a factory with changes", () => {
  test("declares the same otherwise, and looks settings up below the same section", () => {
    const requests: Parameters<SettingsLookup>[0][] = [];
    const shop = source({ name: "shop", maxTableNesting: 3, config: { depth: setting({ default: 1 }) } }, () => [
      resource({ name: "items" }, () => []),
    ]);
    installSettings((request) => {
      requests.push(request);
      return { depth: 1 };
    });
    try {
      const made = shop.with({ name: "shop_2", rootKey: true, parallelized: true })();
      expect(sourceDefinition(made)).toMatchObject({
        name: "shop_2",
        section: "shop",
        maxTableNesting: 3,
        rootKey: true,
      });
      expect(resourceDefinition(made.resources.items).parallelized).toBe(true);
      expect(shop().name).toBe("shop");
    } finally {
      installSettings(undefined);
    }
    expect(requests.map(({ sections }) => sections)).toEqual([
      ["sources", "shop", "shop_2"],
      ["sources", "shop", "shop"],
    ]);
  });
});

describe("selection and limits", () => {
  test("selectedResources are those that a run loads", () => {
    const { made } = family();
    made.select("a", "lone");
    expect(Object.keys(made.selectedResources)).toEqual(["a", "lone"]);
  });

  test("a limit with options goes to what reads", async () => {
    const { made } = family();
    made.addLimit({ maxItems: 1, countRows: true });
    expect(await rowsOf(made)).toEqual([{ n: 1 }, { n: 2 }, { a: 1 }, { a: 2 }, { b: 1 }, { b: 2 }, { l: 1 }]);
  });
});

test("decompose keeps together what is fed by the same resource", () => {
  const made = source({ name: "parts" }, () => {
    const init = resource({ name: "r_init" }, () => [{ n: 1 }]);
    const r1 = resource({ name: "r1", selected: false }, () => [{ n: 1 }]);
    const lone = resource({ name: "lone" }, () => [{ n: 1 }]);
    // `r1` only feeds others.
    return [init, init.pipe(tagged("post")), r1.pipe(tagged("t1")), r1.pipe(tagged("t2")), lone];
  })();
  const parts = made.decompose("scc");
  expect(parts.map((part) => Object.keys(part.resources))).toEqual([["r_init", "post"], ["t1", "t2"], ["lone"]]);
  expect(made.decompose("none")[0]).toBe(made);
});
