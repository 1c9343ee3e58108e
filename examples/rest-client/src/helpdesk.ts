import { incremental, resource, secret, setting, source, transformer } from "@dlt/core";
import { oauth2ClientCredentials, restClient } from "@dlt/http";

interface Ticket {
  readonly id: number;
  readonly subject: string;
  readonly updated_at: string;
  readonly author_id: number;
  readonly hours: number;
}
interface Author {
  readonly id: number;
  readonly name: string;
}

/** Tickets of a help desk, and who wrote them. */
export const helpdesk = source(
  {
    name: "helpdesk",
    config: {
      baseUrl: setting<string>(),
      clientId: setting<string>(),
      clientSecret: secret(), // SOURCES__HELPDESK__CLIENT_SECRET, or `client_secret` under [sources.helpdesk] in secrets.toml
    },
  },
  ({ baseUrl, clientId, clientSecret }) => {
    // One client for all resources: they share its token, its connections, and what it knows of the rate limit.
    const client = restClient({
      baseUrl: `${baseUrl}/api`,
      auth: oauth2ClientCredentials({ accessTokenUrl: `${baseUrl}/token`, clientId, clientSecret }),
      paginator: { type: "cursor", cursorPath: "meta.after", cursorParam: "after" },
      dataSelector: "tickets",
    });

    const tickets = resource(
      {
        name: "tickets",
        primaryKey: "id",
        writeDisposition: "merge",
        incremental: incremental("updated_at", { initialValue: "2026-01-01T00:00:00Z" }),
      },
      ({ incremental, signal }) =>
        client.paginate<Ticket[]>("tickets", { params: { since: incremental.startValue }, signal }),
    );

    // Several at a time, as far as the rate limit allows. Who has left is not found, and makes no row.
    const authors = transformer(
      { name: "authors", primaryKey: "id", writeDisposition: "merge", parallelized: true },
      (ticket: Ticket, { signal }) =>
        client.get<Author>(`users/${ticket.author_id}`, {
          responseActions: [{ statusCode: 404, action: "ignore" }],
          signal,
        }),
    );

    return [tickets, tickets.pipe(authors)];
  },
);
