-- Purpose: What happened in each repository by day: stars, forks, pushes, pull requests, issues, releases.
-- Grain:   one row a repository and UTC day on which something happened or was counted.
-- Inputs:  github_cube
-- Hidden:  the quarter hours of the cube and its gauges (v_github_repositories has them).
-- Filter:  by day. The cube is small, a file a month: all of it is read.
-- Example: SELECT repository, sum(pull_requests_merged) AS merged FROM v_github_activity WHERE day >= DATE
--          '2026-11-01' GROUP BY repository
--
-- Columns:
--   day                   date    The UTC day
--   repository            string  Full name, owner/name; null for what is of no repository
--   stars_added           bigint  [count] Stars given
--   stars_removed         bigint  [count] Stars taken back
--   forks_added           bigint  [count] Forks made
--   pushes                bigint  [count] Pushes, of tags and of branches made or deleted too
--   commits_pushed        bigint  [count] Commits pushed that were new to the repository
--   pull_requests_opened  bigint  [count] Pull requests opened, not counting those reopened
--   pull_requests_merged  bigint  [count] Pull requests closed by merging
--   issues_opened         bigint  [count] Issues opened, not counting those reopened
--   issues_closed         bigint  [count] Issues closed, for whatever reason
--   releases_published    bigint  [count] Releases published, prereleases too
--   events                bigint  [count] Webhook events of every type
SELECT
    CAST(bucket_start AS date) AS day,
    repository,
    SUM(stars_added) AS stars_added,
    SUM(stars_removed) AS stars_removed,
    SUM(forks_added) AS forks_added,
    SUM(pushes) AS pushes,
    SUM(commits_pushed) AS commits_pushed,
    SUM(pull_requests_opened) AS pull_requests_opened,
    SUM(pull_requests_merged) AS pull_requests_merged,
    SUM(issues_opened) AS issues_opened,
    SUM(issues_closed) AS issues_closed,
    SUM(releases_published) AS releases_published,
    SUM(github_events) AS events
FROM github_cube
GROUP BY CAST(bucket_start AS date), repository
