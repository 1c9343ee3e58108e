import { type Random, seededRandom } from "../random.js";

/** One event in the shape of `GET /events` of GitHub's REST API, as far as the benchmark needs it. */
export interface GithubEvent {
  /** Digits as text. */
  readonly id: string;
  readonly type: string;
  readonly actor: Actor;
  readonly repo: { readonly id: number; readonly name: string; readonly url: string };
  readonly payload: Payload;
  readonly public: boolean;
  readonly created_at: string;
  readonly org?: Actor;
}

interface Actor {
  readonly id: number;
  readonly login: string;
  readonly display_login?: string;
  readonly gravatar_id?: string;
  readonly url: string;
  readonly avatar_url?: string;
}

interface Payload {
  readonly action?: string;
  readonly push_id?: number;
  readonly size?: number;
  readonly distinct_size?: number;
  readonly ref?: string | null;
  readonly ref_type?: string;
  readonly head?: string;
  readonly before?: string;
  readonly master_branch?: string;
  readonly description?: string | null;
  readonly pusher_type?: string;
  readonly number?: number;
  readonly commits?: readonly Commit[];
}

interface Commit {
  readonly sha: string;
  readonly author: { readonly email: string; readonly name: string };
  readonly message: string;
  readonly distinct: boolean;
  readonly url?: string;
}

/** Whoever changes what is generated changes the seed too: files of generated rows are kept under its name. */
export const eventsSeed = 20260401;

const actorCount = 40_000;
const repoCount = 25_000;
const firstEventId = 28_000_000_000;
const firstEventMs = Date.UTC(2026, 0, 1);

const words = [
  "add",
  "fix",
  "update",
  "remove",
  "merge",
  "branch",
  "main",
  "config",
  "parser",
  "schema",
  "index",
  "cache",
  "loader",
  "test",
  "docs",
  "typo",
  "bump",
  "version",
  "release",
  "handle",
  "null",
  "value",
  "timeout",
  "retry",
  "query",
  "window",
] as const;
const givenNames = [
  "Ana",
  "Ben",
  "Chloé",
  "Dmitri",
  "Emre",
  "Grace",
  "Håkon",
  "Ines",
  "José",
  "Kenji",
  "李雷",
  "Zoë",
] as const;
const familyNames = [
  "Smith",
  "García",
  "Müller",
  "Ivanova",
  "Kim",
  "Okafor",
  "Nguyễn",
  "Silva",
  "Brown",
  "渡辺",
] as const;
const marks = ["✨ ", "🐛 ", "fix: ", "feat: ", "chore: "] as const;
const branches = ["main", "master", "dev", "release", "gh-pages"] as const;
/** How many commits a push has: many have one, a few have many, a forced push may have none. */
const pushSizes = [0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 6, 7, 8, 14] as const;
const weekMs = 7 * 24 * 3600 * 1000;

/**
 * Yields events with nested objects and lists: about 825 bytes each as JSON, 1.5 commits each on average, texts of varied
 * length, some beyond ASCII, some keys missing, some values null. The same seed gives the same events.
 */
export function* githubEvents(count: number, seed: number = eventsSeed): Generator<GithubEvent> {
  const random = seededRandom(seed);
  for (let index = 0; index < count; index++) yield githubEvent(index, count, random);
}

function githubEvent(index: number, count: number, random: Random): GithubEvent {
  const actor = person(skewed(actorCount, random));
  const repoNumber = skewed(repoCount, random);
  const owner = repoNumber % 12 === 0 ? organization(repoNumber) : undefined;
  const repo = repository(repoNumber, owner?.login ?? login(repoNumber));
  const type = eventType(random);
  return {
    id: String(firstEventId + index * 3 + random.below(3)),
    type,
    actor,
    repo,
    payload: payload(type, repo.url, random),
    public: true,
    created_at: `${new Date(firstEventMs + Math.floor((index / count) * weekMs)).toISOString().slice(0, 19)}Z`,
    ...(owner && { org: owner }),
  };
}

/** Few of the numbers below `end` come often, most seldom, as with people and repositories. */
function skewed(end: number, random: Random): number {
  return Math.min(random.below(end), random.below(end));
}

function eventType(random: Random): string {
  const hundredth = random.below(100);
  if (hundredth < 45) return "PushEvent";
  if (hundredth < 68) return "WatchEvent";
  if (hundredth < 92) return "CreateEvent";
  return hundredth < 96 ? "DeleteEvent" : "PullRequestEvent";
}

function payload(type: string, repoUrl: string, random: Random): Payload {
  switch (type) {
    case "PushEvent":
      return push(repoUrl, random);
    case "WatchEvent":
      return { action: "started" };
    case "CreateEvent":
      return {
        ref: random.chance(0.3) ? null : branch(random),
        ref_type: random.pick(["branch", "tag", "repository"]),
        master_branch: "main",
        description: random.chance(0.4) ? null : sentence(3 + random.below(9), random),
        pusher_type: "user",
      };
    case "DeleteEvent":
      return { ref: branch(random), ref_type: "branch", pusher_type: "user" };
    default:
      return { action: random.pick(["opened", "closed", "reopened"]), number: 1 + random.below(20_000) };
  }
}

function push(repoUrl: string, random: Random): Payload {
  const commits = Array.from({ length: random.pick(pushSizes) }, () => commit(repoUrl, random));
  return {
    push_id: 13_000_000_000 + random.uint32(),
    size: commits.length,
    distinct_size: commits.filter(({ distinct }) => distinct).length,
    ref: `refs/heads/${branch(random)}`,
    head: commits.at(-1)?.sha ?? random.hex(40),
    before: random.hex(40),
    commits,
  };
}

function commit(repoUrl: string, random: Random): Commit {
  const sha = random.hex(40);
  const name = `${random.pick(givenNames)} ${random.pick(familyNames)}`;
  return {
    sha,
    author: {
      email: `${random.hex(8)}@example.com`,
      name: random.chance(0.8) ? name : login(random.below(actorCount)),
    },
    message: message(random),
    distinct: random.chance(0.94),
    ...(random.chance(0.65) && { url: `${repoUrl}/commits/${sha}` }),
  };
}

function message(random: Random): string {
  const title = (random.chance(0.3) ? random.pick(marks) : "") + sentence(1 + random.below(6), random);
  if (random.chance(0.06))
    return `${title}\n\nSigned-off-by: "${random.pick(givenNames)}" <${random.hex(8)}@example.com>`;
  return title;
}

function sentence(wordCount: number, random: Random): string {
  let text: string = random.pick(words);
  for (let index = 1; index < wordCount; index++) text += ` ${random.pick(words)}`;
  return text;
}

function branch(random: Random): string {
  return random.chance(0.7)
    ? random.pick(branches)
    : `${random.pick(words)}/${random.pick(words)}-${random.below(1000)}`;
}

function login(number: number): string {
  return `${words[number % words.length]}${number.toString(36)}`;
}

function person(number: number): Actor {
  const name = login(number);
  const id = 1_000_000 + number * 37;
  return {
    id,
    login: name,
    ...(number % 5 < 2 && { display_login: name }),
    ...(number % 3 > 0 && { gravatar_id: "" }),
    url: `https://api.github.com/users/${name}`,
    ...(number % 4 > 1 && { avatar_url: `https://avatars.example.com/u/${id}` }),
  };
}

function organization(number: number): Actor {
  const name = `org-${number.toString(36)}`;
  return {
    id: 500_000 + number,
    login: name,
    gravatar_id: "",
    url: `https://api.github.com/orgs/${name}`,
    avatar_url: `https://avatars.example.com/u/${500_000 + number}`,
  };
}

function repository(number: number, owner: string): GithubEvent["repo"] {
  const name = `${owner}/${words[(number * 11) % words.length]}`;
  return { id: 10_000_000 + number * 13, name, url: `https://api.github.com/repos/${name}` };
}
