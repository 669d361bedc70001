-- Purpose: Issues as they are: open or closed, why, how long they took.
-- Grain:   one row an issue.
-- Inputs:  github_issues
-- Hidden:  earlier states, deliveries of the same event, issues that were deleted or moved to another repository,
--          contradictions (id_conflict). Issues in which nothing has happened since the webhook was made are not
--          there.
-- Filter:  nothing prunes: the current state of a record needs all of its versions, so all of github_issues is
--          read. Filter by created_on for a period.
-- Example: SELECT repository, count(*) AS open_issues FROM v_github_issues WHERE state = 'open' GROUP BY repository
--
-- Columns:
--   repository      string     Full name, owner/name; null for an event of an organisation, an app or a person
--   number          bigint     Its number in the repository
--   title           string     Its title then
--   state           string     open or closed
--   state_reason    string     completed, not_planned, reopened or null
--   author          string     [personal] Login of who opened it
--   created_at      timestamp  When it was opened
--   created_on      date       The UTC day of that
--   updated_at      timestamp  When it last changed
--   closed_at       timestamp  When it was closed
--   hours_to_close  double     [hours] From opening to closing; null where it is open
--   comments        bigint     [count] Its comments
SELECT
    repository,
    number,
    title,
    state,
    state_reason,
    author,
    created_at,
    CAST(created_at AS date) AS created_on,
    updated_at,
    closed_at,
    date_diff('second', created_at, closed_at) / 3600e0 AS hours_to_close,
    comment_count AS comments
FROM (
    SELECT
        repository, number, title, state, state_reason, author, created_at, updated_at, closed_at, comment_count,
        action,
        ROW_NUMBER() OVER (
            PARTITION BY repository, number ORDER BY occurred_at DESC, received_at DESC, updated_at DESC, event_id
        ) AS nth
    FROM github_issues
    WHERE NOT id_conflict
) AS states
WHERE nth = 1 AND action NOT IN ('deleted', 'transferred')
