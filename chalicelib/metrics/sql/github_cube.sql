-- Purpose: what happened in GitHub repositories and what GitHub counts of them, by 15 minutes.
-- Inputs:  github_repository_stats (the gauges); github_events, github_stars, github_forks, github_pushes,
--          github_pull_requests, github_issues, github_releases (the counters; source github_webhooks).
-- Grain:   bucket_start, repository.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- One row an event or observation, of one kind; then one pass groups them. A gauge is the last value
-- that is not null; a counter is zero where nothing of its kind happened.
WITH happenings AS (
    SELECT
        observed_at AS happened_at, repository, 'observed' AS kind, 0 AS commits,
        stars, forks, watchers, open_pull_requests, open_issues
    FROM github_repository_stats
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
    UNION ALL
    SELECT occurred_at, repository, 'event', 0, NULL, NULL, NULL, NULL, NULL
    FROM github_events
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
    UNION ALL
    SELECT occurred_at, repository, 'star added', 0, NULL, NULL, NULL, NULL, NULL
    FROM github_stars
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND action = 'created'
    UNION ALL
    SELECT occurred_at, repository, 'star removed', 0, NULL, NULL, NULL, NULL, NULL
    FROM github_stars
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND action = 'deleted'
    UNION ALL
    SELECT occurred_at, repository, 'fork', 0, NULL, NULL, NULL, NULL, NULL
    FROM github_forks
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
    UNION ALL
    SELECT occurred_at, repository, 'push', coalesce(distinct_commit_count, commit_count, 0), NULL, NULL, NULL, NULL, NULL
    FROM github_pushes
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
    UNION ALL
    SELECT
        occurred_at, repository,
        CASE WHEN action = 'opened' THEN 'pull request opened' ELSE 'pull request merged' END,
        0, NULL, NULL, NULL, NULL, NULL
    FROM github_pull_requests
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND (action = 'opened' OR (action = 'closed' AND merged))
    UNION ALL
    SELECT
        occurred_at, repository,
        CASE WHEN action = 'opened' THEN 'issue opened' ELSE 'issue closed' END,
        0, NULL, NULL, NULL, NULL, NULL
    FROM github_issues
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND action IN ('opened', 'closed')
    UNION ALL
    SELECT occurred_at, repository, 'release published', 0, NULL, NULL, NULL, NULL, NULL
    FROM github_releases
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND action = 'published'
)
SELECT
    date_add('minute', 0 - minute(happened_at) % 15, date_trunc('minute', happened_at)) AS bucket_start,
    repository,
    max_by(stars, happened_at) FILTER (WHERE stars IS NOT NULL) AS stars,
    max_by(forks, happened_at) FILTER (WHERE forks IS NOT NULL) AS forks,
    max_by(watchers, happened_at) FILTER (WHERE watchers IS NOT NULL) AS watchers,
    max_by(open_pull_requests, happened_at) FILTER (WHERE open_pull_requests IS NOT NULL) AS open_pull_requests,
    max_by(open_issues, happened_at) FILTER (WHERE open_issues IS NOT NULL) AS open_issues,
    count_if(kind = 'star added') AS stars_added,
    count_if(kind = 'star removed') AS stars_removed,
    count_if(kind = 'fork') AS forks_added,
    count_if(kind = 'push') AS pushes,
    sum(commits) AS commits_pushed,
    count_if(kind = 'pull request opened') AS pull_requests_opened,
    count_if(kind = 'pull request merged') AS pull_requests_merged,
    count_if(kind = 'issue opened') AS issues_opened,
    count_if(kind = 'issue closed') AS issues_closed,
    count_if(kind = 'release published') AS releases_published,
    count_if(kind = 'event') AS github_events
FROM happenings
GROUP BY 1, repository
