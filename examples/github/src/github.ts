import { incremental, resource, secret, setting, source } from "@dlt/pipeline";

/** What the program uses of the rows. All other fields are loaded, too. */
interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly updated_at: string;
}

type Parameters = Readonly<Record<string, string | number | undefined>>;

/**
 * Issues, pull requests and stargazers of a repository on GitHub.
 *
 * The settings are looked up when they are not given: `SOURCES__GITHUB__ACCESS_TOKEN` in the environment, or `access_token` under
 * `[sources.github]` in `.dlt/secrets.toml`. Without a `baseUrl` it is GitHub that is asked.
 */
export const github = source(
  {
    name: "github",
    config: {
      accessToken: secret(),
      baseUrl: setting({ default: "https://api.github.com", doc: "The API, e.g. of a GitHub Enterprise server." }),
      pageSize: setting({ default: 100, doc: "Rows per request, 100 at most." }),
    },
  },
  ({ accessToken, baseUrl, pageSize }, { owner, repo }: { owner: string; repo: string }) => {
    /** The pages of a list: each answer links to the next one, and the last does not. */
    async function* pages<Row>(list: string, parameters: Parameters, signal: AbortSignal): AsyncGenerator<Row[]> {
      let next: URL | undefined = new URL(`${baseUrl}/repos/${owner}/${repo}/${list}`);
      for (const [name, value] of Object.entries({ per_page: pageSize, ...parameters })) {
        if (value !== undefined) next.searchParams.set(name, String(value));
      }
      while (next !== undefined) {
        const headers = { Accept: "application/vnd.github.star+json", Authorization: `Bearer ${accessToken.reveal()}` };
        const response: Response = await fetch(next, { headers, signal });
        if (!response.ok) {
          throw new Error(`GitHub answered ${response.status} ${response.statusText} for ${next.pathname}.`);
        }
        yield (await response.json()) as Row[];
        next = nextPage(response.headers.get("Link"), next);
      }
    }

    return [
      // GitHub gives what has changed since a time. The cursor knows it: the newest `updated_at` of the runs before.
      resource(
        {
          name: "issues",
          primaryKey: "id",
          incremental: incremental("updated_at", { initialValue: "2026-01-01T00:00:00Z" }),
        },
        ({ incremental, signal }) =>
          pages<Issue>(
            "issues",
            { state: "all", sort: "updated", direction: "asc", since: incremental.startValue },
            signal,
          ),
      ),

      // Here `since` is not offered. The newest come first, and reading stops at the first one that is known already.
      resource(
        { name: "pull_requests", primaryKey: "id", incremental: incremental("updated_at", { rowOrder: "desc" }) },
        ({ signal }) => pages<Issue>("pulls", { state: "all", sort: "updated", direction: "desc" }, signal),
      ),

      // Stars come and go, and nothing says which: each run puts all of them in place of what was there.
      resource({ name: "stargazers", writeDisposition: "replace" }, ({ signal }) =>
        pages<{ starred_at: string; user: { login: string } }>("stargazers", {}, signal),
      ),
    ];
  },
);

/** `<https://api.github.com/repositories/1/issues?page=2>; rel="next", <…>; rel="last"` → the first of them. */
function nextPage(link: string | null, from: URL): URL | undefined {
  const address = /<([^>]*)>\s*;[^,]*\brel="?next\b/.exec(link ?? "")?.[1];
  return address === undefined ? undefined : new URL(address, from);
}
