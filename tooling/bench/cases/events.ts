import type { BenchCase } from "../bench-case.js";
import { eventsSeed, githubEvents } from "./github-events.js";

// Reading the file once per table is faster here, and takes less memory, than keeping it in a table between the two.
const floor = `
CREATE SCHEMA bench;

CREATE TEMP VIEW page AS
SELECT *, left(md5(id), 14) AS _dlt_id
FROM read_json(getvariable('input'), format = 'newline_delimited');

CREATE TABLE bench.events AS
SELECT
  id,
  type,
  actor.id AS actor__id,
  actor.login AS actor__login,
  actor.display_login AS actor__display_login,
  actor.gravatar_id AS actor__gravatar_id,
  actor.url AS actor__url,
  actor.avatar_url AS actor__avatar_url,
  repo.id AS repo__id,
  repo.name AS repo__name,
  repo.url AS repo__url,
  payload.push_id AS payload__push_id,
  payload.size AS payload__size,
  payload.distinct_size AS payload__distinct_size,
  payload.ref AS payload__ref,
  payload.head AS payload__head,
  payload.before AS payload__before,
  payload.action AS payload__action,
  payload.ref_type AS payload__ref_type,
  payload.master_branch AS payload__master_branch,
  payload.description AS payload__description,
  payload.pusher_type AS payload__pusher_type,
  payload.number AS payload__number,
  public,
  created_at,
  org.id AS org__id,
  org.login AS org__login,
  org.gravatar_id AS org__gravatar_id,
  org.url AS org__url,
  org.avatar_url AS org__avatar_url,
  '1767225600.000000' AS _dlt_load_id,
  _dlt_id
FROM page;

CREATE TABLE bench.events__payload__commits AS
SELECT
  entry.sha AS sha,
  entry.author.email AS author__email,
  entry.author.name AS author__name,
  entry.message AS message,
  entry.distinct AS distinct,
  entry.url AS url,
  _dlt_parent_id,
  position - 1 AS _dlt_list_idx,
  left(md5(_dlt_parent_id || position), 14) AS _dlt_id
FROM (
  SELECT
    _dlt_id AS _dlt_parent_id,
    unnest(payload.commits) AS entry,
    generate_subscripts(payload.commits, 1) AS position
  FROM page
);
`;

/** Events as GitHub's API gives them: nested objects, and commits in a list. */
export const events: BenchCase = {
  name: "events",
  rowCount: 500_000,
  dataset: (rowCount) => ({
    name: `events-${rowCount}-${eventsSeed}`,
    rowCount,
    rows: () => githubEvents(rowCount),
    floor,
    tables: { events: null, events__payload__commits: "events" },
  }),
  beside: [],
};
