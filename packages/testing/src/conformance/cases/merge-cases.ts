import { type LinkedUser, linkedUser } from "./users.js";

/** A merge of tables with these keys: what is there, what comes, and what is there then. */
export interface MergeCase {
  readonly name: string;
  readonly keys: Readonly<Record<string, object>>;
  /** Other names for the tables and for columns of the root table. Default: none. */
  readonly names?: Readonly<Record<string, string>>;
  readonly loads: readonly (readonly LinkedUser[])[];
  readonly result: readonly LinkedUser[];
}

/** One column that is a key. */
export const key = { id: { primaryKey: true } };
/** With a row id made from the key, as rows have where they are updated in place. */
export const user = (id: number, name: string, tags: readonly string[], more: object = {}): LinkedUser =>
  linkedUser({ id, name, ...more }, tags, `user ${id}`);
/** With a row id of its own. */
const version = (id: number, name: string, tags: readonly string[], more: object = {}): LinkedUser =>
  linkedUser({ id, name, ...more }, tags, `${name} ${id}`);

/** Names that mean something else, or nothing, unless they are quoted. */
const quotedNames = {
  users: 'all "users"',
  users__tags: "users' tags",
  id: "select",
  region: 'the "region"',
  version: "order",
  gone: "is it gone?",
} as const;

const someTime = "2024-01-02T03:04:05Z";

/** Several rows of one key in a load, of which one is left. */
function repeatedKey(row: typeof user): MergeCase {
  return {
    name: "keeps the last of several rows by a sorted column",
    keys: { ...key, version: { dedupSort: "desc" } },
    loads: [
      [row(1, "low", [], { version: 2 }), row(1, "high", [], { version: 10 }), row(1, "mid", [], { version: 9 })],
    ],
    result: [row(1, "high", [], { version: 10 })],
  };
}

export const deleteInsertCases: readonly MergeCase[] = [
  {
    name: "replaces rows with the same key, and what is nested in them",
    keys: key,
    loads: [
      [version(1, "old", ["a", "b"]), version(2, "old", ["c"])],
      [version(2, "new", ["d", "e"]), version(3, "new", [])],
    ],
    result: [version(1, "old", ["a", "b"]), version(2, "new", ["d", "e"]), version(3, "new", [])],
  },
  {
    name: "takes compound keys",
    keys: { id: { primaryKey: true }, region: { primaryKey: true } },
    loads: [
      [version(1, "old n", ["a"], { region: "north" }), version(1, "old s", ["b"], { region: "south" })],
      [version(1, "new s", ["c"], { region: "south" }), version(2, "new n", ["d"], { region: "north" })],
    ],
    result: [
      version(1, "old n", ["a"], { region: "north" }),
      version(1, "new s", ["c"], { region: "south" }),
      version(2, "new n", ["d"], { region: "north" }),
    ],
  },
  {
    name: "replaces rows with the same merge key",
    keys: { region: { mergeKey: true } },
    loads: [
      [version(1, "old", ["a"], { region: "north" }), version(2, "old", ["b"], { region: "south" })],
      [version(3, "new", ["c"], { region: "south" }), version(4, "new", ["d"], { region: "south" })],
    ],
    result: [
      version(1, "old", ["a"], { region: "north" }),
      version(3, "new", ["c"], { region: "south" }),
      version(4, "new", ["d"], { region: "south" }),
    ],
  },
  {
    name: "replaces rows with the same primary key, and those with the same merge key",
    keys: { ...key, region: { mergeKey: true } },
    loads: [
      [
        version(1, "old", ["a"], { region: "north" }),
        version(2, "old", ["b"], { region: "south" }),
        version(3, "old", ["c"], { region: "west" }),
      ],
      [version(1, "new", ["d"], { region: "east" }), version(4, "new", ["e"], { region: "south" })],
    ],
    result: [
      version(1, "new", ["d"], { region: "east" }),
      version(3, "old", ["c"], { region: "west" }),
      version(4, "new", ["e"], { region: "south" }),
    ],
  },
  {
    name: "keeps the last of several rows by a sorted column",
    keys: { ...key, version: { dedupSort: "desc" } },
    loads: [
      [
        version(1, "low", ["a"], { version: 2 }),
        version(1, "high", ["b"], { version: 10 }),
        version(1, "mid", ["c"], { version: 9 }),
      ],
    ],
    result: [version(1, "high", ["b"], { version: 10 })],
  },
  {
    name: "keeps the first of several rows by a column that is sorted upwards",
    keys: { ...key, version: { dedupSort: "asc" } },
    loads: [
      [
        version(1, "mid", ["a"], { version: 10 }),
        version(1, "low", ["b"], { version: 9 }),
        version(1, "high", ["c"], { version: 100 }),
      ],
    ],
    result: [version(1, "low", ["b"], { version: 9 })],
  },
  {
    name: "deletes rows whose flag says so, and what is nested in them",
    keys: { ...key, gone: { hardDelete: true } },
    loads: [
      [version(1, "old", ["a"]), version(2, "old", ["b"]), version(3, "old", [])],
      [
        version(2, "gone", [], { gone: true }),
        version(3, "new", ["c"], { gone: false }),
        version(4, "gone", [], { gone: true }),
      ],
    ],
    result: [version(1, "old", ["a"]), version(3, "new", ["c"], { gone: false })],
  },
  {
    name: "deletes rows that have a time of their deletion",
    keys: { ...key, gone: { dataType: "timestamp", hardDelete: true } },
    loads: [[version(1, "old", ["a"]), version(2, "old", ["b"])], [version(2, "gone", [], { gone: someTime })]],
    result: [version(1, "old", ["a"])],
  },
  {
    name: "inserts nothing of a key whose last row says that it is gone",
    keys: { ...key, version: { dedupSort: "desc" }, gone: { hardDelete: true } },
    loads: [
      [version(1, "old", ["a"]), version(2, "old", ["b"])],
      [
        version(1, "mid", ["c"], { version: 2 }),
        version(1, "gone", [], { version: 3, gone: true }),
        version(2, "gone", [], { version: 2, gone: true }),
        version(2, "back", ["d"], { version: 3 }),
      ],
    ],
    result: [version(2, "back", ["d"], { version: 3 })],
  },
  {
    name: "takes tables, keys, flags and sorted columns whose names have to be quoted",
    keys: {
      id: { primaryKey: true },
      region: { primaryKey: true },
      version: { dedupSort: "desc" },
      gone: { hardDelete: true },
    },
    names: quotedNames,
    loads: [
      [version(1, "old", ["a"]), version(2, "old", ["b"], { region: "south" }), version(3, "old", ["c"])],
      [
        version(1, "low", ["d"], { version: 1 }),
        version(1, "high", ["e"], { version: 2 }),
        version(2, "gone", [], { region: "south", gone: true }),
      ],
    ],
    result: [version(1, "high", ["e"], { version: 2 }), version(3, "old", ["c"])],
  },
];

export const upsertCases: readonly MergeCase[] = [
  {
    name: "updates rows with the same key, and what is nested in them",
    keys: key,
    loads: [
      [user(1, "old", ["a", "b"]), user(2, "old", ["c", "d"])],
      [user(2, "new", ["e"]), user(3, "new", ["f"])],
    ],
    result: [user(1, "old", ["a", "b"]), user(2, "new", ["e"]), user(3, "new", ["f"])],
  },
  {
    name: "takes compound keys",
    keys: { id: { primaryKey: true }, region: { primaryKey: true } },
    loads: [
      [version(1, "n", ["a"], { region: "north" }), version(1, "s", ["b"], { region: "south" })],
      [version(1, "s", ["c", "d"], { region: "south" })],
    ],
    result: [version(1, "n", ["a"], { region: "north" }), version(1, "s", ["c", "d"], { region: "south" })],
  },
  {
    name: "deletes rows whose flag says so, and what is nested in them",
    keys: { ...key, gone: { hardDelete: true } },
    loads: [[user(1, "old", ["a"]), user(2, "old", ["b"])], [user(2, "gone", [], { gone: true })]],
    result: [user(1, "old", ["a"])],
  },
  {
    name: "deletes rows that have a time of their deletion",
    keys: { ...key, gone: { dataType: "timestamp", hardDelete: true } },
    loads: [[user(1, "old", ["a"]), user(2, "old", ["b"])], [user(2, "gone", [], { gone: someTime })]],
    result: [user(1, "old", ["a"])],
  },
  {
    name: "updates rows that have other row ids, and what is nested in them",
    keys: { ...key, gone: { hardDelete: true } },
    loads: [
      [version(1, "old", ["a", "b"]), version(2, "old", ["c"]), version(3, "old", ["d"])],
      [user(1, "new", ["e"]), user(2, "gone", [], { gone: true })],
    ],
    result: [user(1, "new", ["e"]), version(3, "old", ["d"])],
  },
  repeatedKey(user),
  {
    name: "takes tables, keys and flags whose names have to be quoted",
    keys: { ...key, region: { primaryKey: true }, gone: { hardDelete: true } },
    names: quotedNames,
    loads: [
      [user(1, "old", ["a"]), user(2, "old", ["b"]), user(3, "old", ["c"])],
      [user(1, "new", ["d"]), user(2, "gone", [], { gone: true }), user(4, "new", ["e"])],
    ],
    result: [user(1, "new", ["d"]), user(3, "old", ["c"]), user(4, "new", ["e"])],
  },
];

export const insertOnlyCases: readonly MergeCase[] = [
  {
    name: "adds rows with new keys, and leaves the others as they are",
    keys: key,
    loads: [
      [user(1, "old", ["a"]), user(2, "old", ["b"])],
      [user(2, "new", ["c"]), user(3, "new", ["d"])],
    ],
    result: [user(1, "old", ["a"]), user(2, "old", ["b"]), user(3, "new", ["d"])],
  },
  {
    name: "adds to lists of rows that are there, and nothing to rows with other row ids",
    keys: key,
    loads: [
      [user(1, "old", ["a"]), version(2, "old", ["b"])],
      [user(1, "new", ["c", "d"]), user(2, "new", ["e", "f"])],
    ],
    result: [user(1, "old", ["a", "d"]), version(2, "old", ["b"])],
  },
  {
    name: "takes compound keys, and leaves out rows whose flag says that they are gone, also where names have to be quoted",
    keys: { ...key, region: { primaryKey: true }, gone: { hardDelete: true } },
    names: quotedNames,
    loads: [
      [version(1, "old n", ["a"])],
      [
        version(1, "new n", ["b"]),
        version(1, "new s", ["c"], { region: "south" }),
        version(2, "gone", [], { gone: true }),
        version(3, "new", ["d"], { gone: false }),
      ],
    ],
    result: [
      version(1, "old n", ["a"]),
      version(1, "new s", ["c"], { region: "south" }),
      version(3, "new", ["d"], { gone: false }),
    ],
  },
  repeatedKey(user),
];
