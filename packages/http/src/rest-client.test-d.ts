// What must type-check with the client, and what must not. `tsc` is the test.
import { incremental, type Resource, resource, type Secret, transformer } from "@dlt/core";
import { bearer } from "./auth/bearer.js";
import type { Page } from "./paginate/page.js";
import { restClient } from "./rest-client.js";

type Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Eq<A, B>): void {}

type Issue = { id: number; title: string; user: { login: string } };
type User = { login: string; company: string | null };

declare const token: Secret;
const client = restClient({ baseUrl: "https://api.github.com", auth: bearer(token), paginator: "header_link" });

export const issues = resource(
  { name: "issues", incremental: incremental("updated_at", { initialValue: "2026-01-01T00:00:00Z" }) },
  async function* ({ incremental, signal }) {
    yield* client.paginate<Issue[]>("/issues", { params: { state: "all", since: incremental.startValue }, signal });
  },
);
same<typeof issues, Resource<Issue, "issues">>(true);

export const users = transformer({ name: "users" }, (issue: Issue) => client.get<User>(`/users/${issue.user.login}`));
same<ReturnType<typeof issues.pipe<User, "users">>, Resource<User, "users">>(true);

for await (const page of client.paginate<Issue[]>("/issues")) {
  same<typeof page, Page<Issue>>(true);
  same<(typeof page)[number], Issue>(true);
}
for await (const page of client.paginate("/issues")) same<(typeof page)[number], unknown>(true);
for await (const page of client.stream<Issue[]>("/issues")) same<typeof page, Issue[]>(true);
same<Awaited<ReturnType<typeof client.get>>, unknown>(true);

// @ts-expect-error a limit is needed
restClient({ paginator: "offset" });
// @ts-expect-error of another paginator
restClient({ paginator: { type: "cursor", basePage: 1 } });
// @ts-expect-error no such option
restClient({ timeout: 5 });
// @ts-expect-error an object is no parameter
void client.get("/issues", { params: { filter: { a: 1 } } });
