import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A small GitHub on this machine, so that the example runs without a network and an account. It answers as api.github.com does:
 * pages with a `Link` header, `since`, `state`, `sort`, `direction`, and 401 without the right token. Its people are made up.
 */
export interface GithubStandIn extends AsyncDisposable {
  readonly baseUrl: string;
  readonly token: string;
  /** What was asked since the last look, without the address: `issues?per_page=10&page=2`. */
  requests(): readonly string[];
  /** A day goes by: an issue is closed, another one opened, a pull request merged, a star taken back. */
  letADayPass(): void;
}

interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "closed";
  readonly created_at: string;
  readonly updated_at: string;
  readonly closed_at: string | null;
  readonly user: User;
  readonly labels: readonly { readonly id: number; readonly name: string }[];
  readonly reactions: Readonly<Record<"total_count" | "+1" | "heart", number>>;
  /** GitHub lists pull requests among the issues; they have this, issues do not. */
  readonly pull_request?: { readonly url: string };
}
interface User {
  readonly id: number;
  readonly login: string;
}

const repository = "/repos/acme/anvil";
const token = "ghp_of_the_stand_in";

export async function startGithub(): Promise<GithubStandIn> {
  let everything = Array.from({ length: 24 }, (_, index) => issueOrPullRequest(index + 1));
  let stars = Array.from({ length: 12 }, (_, index) => ({ starred_at: time(index * 3), user: user(index + 1) }));
  let asked: string[] = [];

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const list = url.pathname.slice(repository.length + 1);
    asked.push(list + url.search);
    const send = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { "Content-Type": "application/json; charset=utf-8", ...headers });
      response.end(JSON.stringify(body));
    };
    const rows = rowsOf(request, url, list);
    if (request.headers.authorization !== `Bearer ${token}`) send(401, { message: "Bad credentials", status: "401" });
    else if (!url.pathname.startsWith(`${repository}/`) || rows === null)
      send(404, { message: "Not Found", status: "404" });
    else {
      const { page, link } = pageOf(rows, url);
      send(200, page, link === "" ? {} : { Link: link });
    }
  });

  function rowsOf({ headers }: IncomingMessage, { searchParams }: URL, list: string): readonly unknown[] | null {
    if (list === "issues") return select(everything, searchParams);
    // Pull requests have a field more than issues, and no `since`.
    if (list === "pulls") {
      const parameters = new URLSearchParams(searchParams);
      parameters.delete("since");
      const pulls = everything.filter((issue) => issue.pull_request !== undefined);
      return select(pulls, parameters).map(({ pull_request, ...pull }) => ({
        ...pull,
        draft: false,
        head: { ref: `fix-${pull.number}` },
      }));
    }
    if (list !== "stargazers") return null;
    const withTimes = headers.accept === "application/vnd.github.star+json";
    return withTimes ? stars : stars.map((star) => star.user);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    requests: () => {
      const seen = asked;
      asked = [];
      return seen;
    },
    letADayPass: () => {
      const today = time(25);
      everything = everything.map((issue) => {
        if (issue.number === 5) return { ...issue, state: "closed", updated_at: today, closed_at: today };
        return issue.number === 8 ? { ...issue, title: `${issue.title} (merged)`, updated_at: today } : issue;
      });
      everything.push(issueOrPullRequest(25));
      stars = stars.filter((star) => star.user.login !== "dev003");
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Every fourth is a pull request. */
function issueOrPullRequest(number: number): Issue {
  const isPullRequest = number % 4 === 0;
  return {
    id: 900_000 + number,
    number,
    title: isPullRequest ? `Fix ${number}` : `Anvil ${number} does not ring`,
    state: "open",
    created_at: time(number - 1),
    updated_at: time(number),
    closed_at: null,
    user: user((number % 5) + 1),
    labels: number % 3 === 0 ? [{ id: 1, name: "bug" }] : [],
    reactions: { total_count: number % 2, "+1": number % 2, heart: 0 },
    ...(isPullRequest && { pull_request: { url: `https://api.github.com${repository}/pulls/${number}` } }),
  };
}

function user(id: number): User {
  return { id, login: `dev${String(id).padStart(3, "0")}` };
}

/** So many days after the second of January. */
function time(days: number): string {
  return new Date(Date.UTC(2026, 0, 2 + days, 9, 30)).toISOString().replace(".000Z", "Z");
}

function select(issues: readonly Issue[], parameters: URLSearchParams): readonly Issue[] {
  const since = parameters.get("since") ?? "";
  const state = parameters.get("state") ?? "open";
  const sorted = parameters.get("sort") === "updated" ? "updated_at" : "created_at";
  const sign = parameters.get("direction") === "asc" ? 1 : -1;
  return issues
    .filter((issue) => issue.updated_at >= since && (state === "all" || issue.state === state))
    .sort((a, b) => sign * (a[sorted] < b[sorted] ? -1 : a[sorted] > b[sorted] ? 1 : a.number - b.number));
}

/** A page of the rows, and the addresses of the next and the last one. */
function pageOf(rows: readonly unknown[], url: URL): { readonly page: readonly unknown[]; readonly link: string } {
  const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100);
  const number = Number(url.searchParams.get("page") ?? 1);
  const last = Math.ceil(rows.length / size);
  const linkTo = (page: number, relation: string): string => {
    const address = new URL(url);
    address.searchParams.set("page", String(page));
    return `<${address.href}>; rel="${relation}"`;
  };
  const isLast = number >= last;
  return {
    page: rows.slice((number - 1) * size, number * size),
    link: isLast ? "" : [linkTo(number + 1, "next"), linkTo(last, "last")].join(", "),
  };
}
