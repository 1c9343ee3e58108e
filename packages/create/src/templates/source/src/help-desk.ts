import { incremental, resource, secret, setting, source } from "@dlt/core";
import { bearer, restClient } from "@dlt/http";

/** A row as the API gives it. More fields become columns, too: this is what the code here relies on. */
export interface Ticket {
  readonly id: number;
  readonly subject: string;
  /** ISO 8601, in UTC. */
  readonly updated_at: string;
  readonly comments: readonly { readonly text: string }[];
}

/** Tickets with their comments. Each run reads those that changed since the last one. */
export const helpDesk = source(
  {
    name: "help_desk",
    config: {
      baseUrl: setting<string>({ doc: "Address of the API, e.g. https://api.example.com/v1." }),
      token: secret(),
    },
  },
  ({ baseUrl, token }) => {
    // No request is made here: only when the pipeline reads the resource.
    const client = restClient({
      baseUrl,
      auth: bearer(token),
      paginator: { type: "cursor", cursorPath: "next" },
      dataSelector: "tickets",
    });
    return [
      resource(
        {
          name: "tickets",
          primaryKey: "id",
          writeDisposition: "merge",
          incremental: incremental("updated_at", { initialValue: "2020-01-01T00:00:00Z" }),
        },
        ({ incremental, signal }) =>
          client.paginate<Ticket[]>("/tickets", { params: { since: incremental.startValue }, signal }),
      ),
    ];
  },
);
