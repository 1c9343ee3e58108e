// What must type-check with the authoring functions, and what must not. `tsc` is the test.
import type { Secret } from "../contract/config.js";
import type { Resource, ResourceFactory } from "../contract/resource.js";
import type { Source, SourceRows } from "../contract/source.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import type { CalendarDate } from "../values/calendar-date.js";
import { withFileImport } from "./file-import.js";
import { incremental } from "./incremental.js";
import { withTableName } from "./marks.js";
import { resource } from "./resource.js";
import { anyOf, group, secret, setting } from "./settings.js";
import { source } from "./source.js";
import { sqlModel } from "./sql-model.js";
import { transformer } from "./transformer.js";

type Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Eq<A, B>): void {}
declare function bearer(token: Secret | string): { kind: "bearer" };
declare function restClient(o: { baseUrl: string; auth?: object }): {
  paginate<P extends readonly unknown[]>(
    path: string,
    o?: { params?: Record<string, string | number | undefined>; signal?: AbortSignal },
  ): AsyncGenerator<P>;
  get<T = unknown>(path: string): Promise<T>;
};
type Issue = {
  id: number;
  title: string;
  updated_at: string;
  user: { login: string };
  labels: { name: string }[];
  pull_request?: object;
};
type User = { login: string; company: string | null };

export const github = source(
  { name: "github", config: { accessToken: secret(), perPage: setting({ default: 100 }) } },
  ({ accessToken, perPage }, { owner, repo }: { owner: string; repo: string }) => {
    same<typeof accessToken, Secret>(true);
    same<typeof perPage, number>(true);
    const client = restClient({ baseUrl: "https://api.github.com", auth: bearer(accessToken) });
    const issues = resource(
      {
        name: "issues",
        primaryKey: "id",
        writeDisposition: "merge",
        columns: { created_at: { dataType: "timestamp" } },
        incremental: incremental("updated_at", { initialValue: "2024-01-01T00:00:00Z" }),
      },
      async function* ({ incremental, signal }) {
        same<typeof incremental.startValue, string>(true);
        yield* client.paginate<Issue[]>(`/repos/${owner}/${repo}/issues`, {
          params: { state: "all", sort: "updated", direction: "asc", since: incremental.startValue },
          signal,
        });
      },
    );
    same<typeof issues, Resource<Issue, "issues">>(true);
    const authors = transformer({ name: "authors", primaryKey: "id", parallelized: true }, (issue: Issue) =>
      client.get<User>(`/users/${issue.user.login}`),
    );
    return [issues, issues.pipe(authors)];
  },
);
const src = github({ owner: "dlt-hub", repo: "dlt" });
same<typeof src.resources.issues, Resource<Issue, "issues">>(true);
same<typeof src.resources.authors, Resource<User, "authors">>(true);
src.withResources("issues").addLimit(10);
github({ owner: "a", repo: "b", accessToken: "plain" });
// @ts-expect-error an unknown resource
src.withResources("isues");
// @ts-expect-error repo is missing
github({ owner: "a" });
const mapped = src.resources.issues
  .addFilter((issue) => !issue.pull_request)
  .addMap((issue) => ({ ...issue, user: issue.user.login.toUpperCase() }))
  .applyHints({ columns: { title: { precision: 400 } } });
same<
  typeof mapped extends Resource<infer R> ? (R extends { user: string; title: string } ? true : false) : false,
  true
>(true);
for await (const issue of src.resources.issues) issue.title.toUpperCase();
// @ts-expect-error the parent yields issues, not users
src.resources.issues.pipe(transformer({ name: "x" }, (u: User) => u));
// ── other shapes ──
const none = resource({ name: "plain" }, (context) => {
  same<typeof context.incremental, undefined>(true);
  return [{ a: 1 }];
});
same<typeof none, Resource<{ a: number }, "plain">>(true);
const rows = resource({ name: "gen" }, function* () {
  yield { a: 1 };
  yield { a: 2 };
});
same<typeof rows, Resource<{ a: number }, "gen">>(true);
const pages = resource({ name: "agen" }, async function* () {
  yield [{ a: 1 }];
  yield [{ a: 2 }];
});
same<typeof pages, Resource<{ a: number }, "agen">>(true);
const later = resource({ name: "later" }, async () => [{ b: "x" }]);
same<typeof later, Resource<{ b: string }, "later">>(true);
const open = resource({ name: "open", incremental: incremental<number>("id") }, async function* (context) {
  same<typeof context.incremental.startValue, number | undefined>(true);
  yield [{ id: 1 }];
});
declare const zUser: StandardSchemaV1<unknown, { id: number; email: string }>;
const users = resource({ name: "users", columns: zUser, schemaContract: { columns: "freeze" } }, async function* () {
  yield [{ id: 1, email: "x", extra: 1 }];
});
same<typeof users, Resource<{ id: number; email: string }, "users">>(true);
const plain = source({ name: "plain" }, () => [none, rows]);
same<ReturnType<typeof plain>["resources"]["gen"], Resource<{ a: number }, "gen">>(true);
plain();
const onlyConfig = source({ name: "oc", config: { k: secret() } }, async ({ k }) => {
  same<typeof k, Secret>(true);
  return [none];
});
void onlyConfig();
void onlyConfig({ k: "x" });
export const anySource: Source[] = [src, plain()];
export const anyResource: Resource[] = [src.resources.issues, src.resources.authors, none, open];
function run(data: Source | Resource | readonly Source[] | readonly object[]) {
  return data;
}
run(src);
run(src.withResources("issues"));
run([src, plain()]);
run(src.resources.issues);
same<SourceRows<typeof src>, { readonly issues: Issue; readonly authors: User }>(true);
same<SourceRows<typeof github>, { readonly issues: Issue; readonly authors: User }>(true);

const opt = source(
  { name: "opt", config: {} },
  (_c, { limit = 3 }: { limit?: number }) => [none].slice(0, limit) as [typeof none],
);
opt();
opt({ limit: 2 });
const rec = source({ name: "async" }, async () => [none, rows] as const);
same<Awaited<ReturnType<typeof rec>>["resources"]["plain"], Resource<{ a: number }, "plain">>(true);
const enriched = src.resources.issues.pipe(
  transformer({ name: "enriched" }, async function* (issue: Issue) {
    yield [{ id: issue.id, n: 1 }];
  }),
);
same<typeof enriched, Resource<{ id: number; n: number }, "enriched">>(true);
const structural = src.resources.issues.pipe(
  transformer({ name: "logins" }, (x: { user: { login: string } }) => ({ login: x.user.login })),
);
same<typeof structural, Resource<{ login: string }, "logins">>(true);
same<typeof renamed, Resource<Issue, "tickets">>(true);
const renamed = src.resources.issues.withName("tickets");
// Conditional resources keep their names.
const cond = source({ name: "cond" }, (_c, { all }: { all: boolean }) => (all ? [none, rows] : [none]));
type CondNames = keyof ReturnType<typeof cond>["resources"];
same<CondNames, "plain" | "gen">(true);

(await onlyConfig()).resources.plain;
export const list: Promise<Source> = rec();
// @ts-expect-error an async source is awaited first
rec().resources;

const plainAsync = source({ name: "pa" }, async () => [none, rows]);
same<keyof Awaited<ReturnType<typeof plainAsync>>["resources"], "plain" | "gen">(true);

const paged = src.resources.issues.pipe(
  transformer({ name: "paged", by: "page" }, (issues: readonly Issue[]) => issues.map(({ id }) => ({ id }))),
);
same<typeof paged, Resource<{ id: number }, "paged">>(true);
const inParts = resource(
  {
    name: "parts",
    incremental: incremental("id", { initialValue: 0 }),
    partitions: ({ incremental: { startValue }, state }) => {
      same<typeof startValue, number>(true);
      same<typeof state, Record<string, unknown>>(true);
      return [{ from: startValue, to: 10 }];
    },
  },
  async function* ({ partition, incremental: { startValue } }) {
    same<typeof partition, { from: number; to: number } | undefined>(true);
    same<typeof startValue, number>(true);
    yield [{ id: partition?.from ?? 0 }];
  },
);
same<typeof inParts, Resource<{ id: number }, "parts">>(true);
resource({ name: "later-parts", partitions: async () => ["a", "b"] }, ({ partition }) => {
  same<typeof partition, "a" | "b" | undefined>(true);
  return [{ a: 1 }];
});
resource({ name: "no-parts" }, ({ partition }) => {
  same<typeof partition, undefined>(true);
  return [{ a: 1 }];
});
// @ts-expect-error a date is not JSON
resource({ name: "bad-parts", partitions: () => [new Date()] }, () => [{ a: 1 }]);
const markedRows = resource({ name: "marked" }, function* () {
  yield withTableName([{ a: 1 }], "other");
});
same<typeof markedRows, Resource<{ a: number }, "marked">>(true);
const settings = source(
  {
    name: "settings",
    config: { some: setting<number>({ optional: true }), url: setting({ parse: (text: string) => new URL(text) }) },
  },
  ({ some, url }) => {
    same<typeof some, number | undefined>(true);
    same<typeof url, URL>(true);
    return [none];
  },
);
settings({ some: 1 });
// @ts-expect-error a number is wanted
settings({ some: "1" });

const typedSettings = source(
  {
    name: "typed",
    config: {
      count: setting({ type: "integer", default: 5 }),
      maybe: setting({ type: "boolean", optional: true }),
      day: setting({ type: "date" }),
      rows: setting({ type: "list", default: [] }),
      region: setting({ choices: ["eu", "us"], default: "eu" }),
      level: setting({ choices: ["low", "high"], optional: true }),
      token: secret(),
      other: secret({ optional: true, doc: "Another one." }),
      login: group({ user: setting({ type: "text" }), password: secret({ optional: true }) }),
      either: anyOf([group({ key: secret() }), group({ user: setting({ type: "text" }) })]),
    },
  },
  ({ count, maybe, day, rows, region, level, token, other, login, either }) => {
    same<typeof count, number>(true);
    same<typeof maybe, boolean | undefined>(true);
    same<typeof day, CalendarDate>(true);
    same<typeof rows, readonly unknown[]>(true);
    same<typeof region, "eu" | "us">(true);
    same<typeof level, "low" | "high" | undefined>(true);
    same<typeof token, Secret>(true);
    same<typeof other, Secret | undefined>(true);
    same<typeof login.user, string>(true);
    same<typeof login.password, Secret | undefined>(true);
    same<typeof either, { readonly key: Secret } | { readonly user: string }>(true);
    return [none];
  },
);
typedSettings({ count: 1, region: "us", token: "text", other: "text" });
// @ts-expect-error a number is wanted
typedSettings({ count: "1" });
// @ts-expect-error not one of the choices
typedSettings({ region: "asia" });
// @ts-expect-error no setting and no argument
typedSettings({ cuont: 1 });
// @ts-expect-error the default has another type
setting({ type: "integer", default: "5" });
// @ts-expect-error the default is not one of the choices
setting({ choices: ["a", "b"], default: "c" });
// @ts-expect-error there is no such type
setting({ type: "integre" });

// ── cursors ──
const changing = src.resources.issues
  .applyHints({ incremental: incremental("id", { initialValue: 5, allowExternalSchedulers: true }) })
  .applyHints({
    incremental: { endValue: "2024-02-01", lastValueFunc: (values: readonly string[]) => values[0] ?? "" },
  })
  .applyHints({ incremental: new Date() })
  .applyHints({ incremental: "2024-01-01" })
  .applyHints({ incremental: null });
same<typeof changing, Resource<Issue, "issues">>(true);
// @ts-expect-error no such option
changing.applyHints({ incremental: { endVallue: 5 } });
// @ts-expect-error not one of the choices
changing.applyHints({ incremental: { rowOrder: "up" } });
// @ts-expect-error no value of a cursor
changing.applyHints({ incremental: true });
const comments = transformer(
  { name: "comments", incremental: incremental<number>("id", { rowOrder: "asc", cursorType: "bigint" }) },
  (issue: Issue, context) => {
    same<typeof context.incremental.startValue, number | undefined>(true);
    same<typeof context.incremental.lag, number | undefined>(true);
    return context.incremental.canClose() ? [] : [{ id: issue.id }];
  },
);
same<(typeof comments)["name"], "comments">(true);
transformer({ name: "plain" }, (_issue: Issue, context) => {
  same<typeof context.incremental, undefined>(true);
  return [];
});

// ── arguments ──
const commits = resource({ name: "commits" }, async function* (context, { repo }: { repo: string }) {
  same<typeof context.incremental, undefined>(true);
  yield [{ sha: "a", repo }];
});
same<typeof commits, ResourceFactory<{ repo: string }, Resource<{ sha: string; repo: string }, "commits">>>(true);
const ofRepo = commits({ repo: "dlt" });
same<typeof ofRepo, Resource<{ sha: string; repo: string }, "commits">>(true);
// @ts-expect-error the argument is missing
commits();
// @ts-expect-error a factory is no resource
run(commits);
// @ts-expect-error a factory has no steps
commits.addMap((row) => row);
const since = resource(
  { name: "since", incremental: incremental("at", { initialValue: "2024" }) },
  function* ({ incremental }, { limit = 3 }: { limit?: number }) {
    yield { at: incremental.startValue, limit };
  },
);
same<ReturnType<typeof since>, Resource<{ at: string; limit: number }, "since">>(true);
since();
since({ limit: 1 });
const both = resource({ name: "both" }, (_context, { limit = 3 }: { limit?: number } = {}) => [{ limit }]);
run(both);
both.addMap((row) => row.limit);
same<ReturnType<typeof both>, Resource<{ limit: number }, "both">>(true);
const withSchema = resource({ name: "ws", columns: zUser }, async function* (_context, { page }: { page: number }) {
  yield [{ id: page }];
});
same<ReturnType<typeof withSchema>, Resource<{ id: number; email: string }, "ws">>(true);
const byStream = resource(
  { name: ({ stream }: { stream: "a" | "b" }) => stream },
  (_context, _args: { stream: "a" | "b" }) => [{ n: 1 }],
);
same<ReturnType<typeof byStream>, Resource<{ n: number }, "a" | "b">>(true);
const send = transformer({ name: "send" }, (issue: Issue, _context, { method }: { method: string }) => ({
  id: issue.id,
  method,
}));
const sent = src.resources.issues.pipe(send({ method: "POST" }));
same<typeof sent, Resource<{ id: number; method: string }, "send">>(true);
// @ts-expect-error the transformer was not called
src.resources.issues.pipe(send);

// ── steps ──
const letters = resource({ name: "letters" }, () => [{ letter: "a" }]);
same<ReturnType<typeof letters.addMetrics>, Resource<{ letter: string }, "letters">>(true);
letters.addMetrics((rows, metrics, mark) => {
  metrics["first"] = rows[0]?.letter.toUpperCase();
  metrics["table"] = mark?.tableName;
});
letters.addFilter((row, mark) => row.letter !== mark?.tableName).addMap((row: { raw: string }) => row, { insertAt: 1 });
const sentOn = letters.addMap((row) => withTableName({ ...row, n: 1 }, row.letter));
same<typeof sentOn extends Resource<infer Row> ? Row : never, { n: number; letter: string }>(true);
letters.applyHints({ tableName: "t", primaryKey: "letter", createTableVariant: true }).selectTables("t");
letters.addFilter(async (row) => row.letter !== "b").addLimit(null);
const spread = letters.pipe(function* (row) {
  yield { upper: row.letter.toUpperCase() };
});
same<typeof spread, Resource<{ upper: string }, "letters">>(true);
const shortened = letters.pipe(async (row, mark) => ({ short: row.letter[0], table: mark?.tableName }));
same<typeof shortened, Resource<{ short: string | undefined; table: string | undefined }, "letters">>(true);
// @ts-expect-error a resource reads rows of its own
letters.pipe(none);
// ── deferred work ──
const deferred = resource({ name: "deferred" }, function* () {
  yield async () => [{ a: 1 }];
  yield Promise.resolve({ b: 2 });
});
same<typeof deferred, Resource<{ a: number } | { b: number }, "deferred">>(true);
const thunks = letters.pipe(transformer({ name: "thunks" }, (row: { letter: string }) => async () => ({ row })));
same<typeof thunks, Resource<{ row: { letter: string } }, "thunks">>(true);

// ── sources ──
for await (const row of plain()) same<typeof row, { a: number }>(true);
const more = plain().add(letters);
same<typeof more.resources.letters, Resource<{ letter: string }, "letters">>(true);
same<keyof typeof more.resources, "plain" | "gen" | "letters">(true);
plain().addLimit({ maxItems: 10, countRows: true }).withName("other").selectedResources.gen?.addLimit(1);
const second = github.with({ name: "github_2", maxTableNesting: 1 });
same<typeof second, typeof github>(true);
export const parts: readonly Source[] = src.decompose("scc");
// @ts-expect-error a way that there is not
src.decompose("parallel");

// ── write dispositions ──
const history = { disposition: "merge", strategy: "scd2" } as const;
resource({ name: "prices", writeDisposition: { ...history, activeColumnName: "is_active" } }, () => [{ sku: "a" }]);
resource({ name: "prices", writeDisposition: { ...history, boundaryTimestamp: new Date() } }, () => [{ sku: "a" }]);
resource({ name: "prices", writeDisposition: { ...history, validityColumnNames: ["from", "to"] } }, () => [
  { sku: "a" },
]);
// @ts-expect-error a history has a beginning and an end
resource({ name: "prices", writeDisposition: { ...history, validityColumnNames: ["from"] } }, () => [{ sku: "a" }]);
// @ts-expect-error the name of the column, not whether there is one
resource({ name: "prices", writeDisposition: { ...history, activeColumnName: true } }, () => [{ sku: "a" }]);
// @ts-expect-error a strategy that there is not
resource({ name: "prices", writeDisposition: { disposition: "merge", strategy: "scd1" } }, () => [{ sku: "a" }]);

// ── files and queries ──
// Nothing is known of the rows of a file, or of a query that is run at the destination.
const archive = resource({ name: "archive" }, () => [withFileImport("a.parquet", "parquet", { rowCount: 3 })]);
same<typeof archive, Resource<unknown, "archive">>(true);
const derived = resource({ name: "derived" }, () => sqlModel("SELECT 1", { dialect: "duckdb" }));
same<typeof derived, Resource<unknown, "derived">>(true);
// @ts-expect-error a query has a dialect
sqlModel("SELECT 1");
// @ts-expect-error the format is not known from the name
withFileImport("a.parquet");
