-- Title:   How long pull requests take
-- Purpose: Pull requests that were opened in a period, how many were merged, and how long that took.
-- Answer:  one row a month of opening and repository.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    date_trunc('month', created_on) AS month,
    repository,
    COUNT(*) AS opened,
    COUNT(CASE WHEN merged THEN 1 END) AS merged,
    ELEMENT_AT(
        ARRAY_SORT(ARRAY_AGG(hours_to_merge) FILTER (WHERE hours_to_merge IS NOT NULL)), (COUNT(hours_to_merge) + 1) / 2
    ) AS median_hours
FROM v_github_pull_requests
WHERE created_on BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY date_trunc('month', created_on), repository
ORDER BY month, repository
