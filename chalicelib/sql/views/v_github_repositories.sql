-- Purpose: What GitHub counts of each repository, as it stood at the end of each day.
-- Grain:   one row a repository and UTC day on which it was looked at: the last look of the day.
-- Inputs:  github_repository_stats
-- Hidden:  the other looks of the day (one an hour), contradictions (id_conflict). A day without a look has no row.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT day, repository, stars FROM v_github_repositories WHERE day >= DATE '2026-11-01' ORDER BY day
--
-- Columns:
--   day                 date       UTC day of the look; filter by it
--   repository          string     Full name, owner/name, as configured
--   stars               bigint     [count] Stars
--   forks               bigint     [count] Forks
--   watchers            bigint     [count] Watchers: people who are told of everything (subscribers_count)
--   open_issues         bigint     [count] Open issues without pull requests; null when the two answers contradict
--                                  each other
--   open_pull_requests  bigint     [count] Open pull requests, drafts included
--   size_kib            bigint     [KiB] Size of the repository on GitHub's disk
--   pushed_at           timestamp  When somebody last pushed to it
--   observed_at         timestamp  When GitHub answered
SELECT
    CAST(dt AS date) AS day,
    repository,
    stars,
    forks,
    watchers,
    open_issues,
    open_pull_requests,
    size_kib,
    pushed_at,
    observed_at
FROM (
    SELECT
        dt, repository, stars, forks, watchers, open_issues, open_pull_requests, size_kib, pushed_at, observed_at,
        ROW_NUMBER() OVER (PARTITION BY dt, repository ORDER BY observed_at DESC, window_start DESC) AS nth
    FROM github_repository_stats
    WHERE NOT id_conflict
) AS looks
WHERE nth = 1
