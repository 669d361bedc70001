-- Purpose: Pull requests as they are: open, merged or closed, how large, how long they took.
-- Grain:   one row a pull request.
-- Inputs:  github_pull_requests
-- Hidden:  earlier states, deliveries of the same event, contradictions (id_conflict). Pull requests in which
--          nothing has happened since the webhook was made are not there.
-- Filter:  nothing prunes: the current state of a record needs all of its versions, so all of github_pull_requests
--          is read. Filter by created_on for a period.
-- Example: SELECT repository, approx_percentile(hours_to_merge, 0.5) AS median_hours FROM v_github_pull_requests
--          WHERE merged GROUP BY repository
--
-- Columns:
--   repository      string     Full name, owner/name; null for an event of an organisation, an app or a person
--   number          bigint     Its number in the repository
--   title           string     Its title then
--   state           string     open or closed
--   draft           boolean    It is a draft
--   merged          boolean    It is merged
--   author          string     [personal] Login of who opened it
--   base_ref        string     The branch it goes to
--   created_at      timestamp  When it was opened
--   created_on      date       The UTC day of that
--   updated_at      timestamp  When it last changed
--   closed_at       timestamp  When it was closed or merged
--   merged_at       timestamp  When it was merged
--   hours_to_merge  double     [hours] From opening to merging; null where it is not merged
--   additions       bigint     [lines] Lines added
--   deletions       bigint     [lines] Lines deleted
--   changed_files   bigint     [count] Files changed
--   commits         bigint     [count] Commits
SELECT
    repository,
    number,
    title,
    state,
    draft,
    merged,
    author,
    base_ref,
    created_at,
    CAST(created_at AS date) AS created_on,
    updated_at,
    closed_at,
    merged_at,
    date_diff('second', created_at, merged_at) / 3600e0 AS hours_to_merge,
    additions,
    deletions,
    changed_files,
    commit_count AS commits
FROM (
    SELECT
        repository, number, title, state, draft, merged, author, base_ref, created_at, updated_at, closed_at,
        merged_at, additions, deletions, changed_files, commit_count,
        ROW_NUMBER() OVER (
            PARTITION BY repository, number ORDER BY updated_at DESC, occurred_at DESC, received_at DESC, event_id
        ) AS nth
    FROM github_pull_requests
    WHERE NOT id_conflict
) AS states
WHERE nth = 1
