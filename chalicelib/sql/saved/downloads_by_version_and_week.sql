-- Title:   Downloads by version and week
-- Purpose: How often each version was downloaded by people, bots left out, by week (Monday, UTC).
-- Answer:  one row a week, product and version.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    date_trunc('week', day) AS week,
    product,
    version,
    SUM(downloads) AS downloads
FROM v_downloads
WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY date_trunc('week', day), product, version
ORDER BY week, product, version
