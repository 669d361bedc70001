-- Title:   Top pages
-- Purpose: The pages that people looked at most, and for how long.
-- Answer:  one row a site and page, the fifty with most views; visitors are counted once a day.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    site,
    path,
    COUNT(CASE WHEN kind = 'view' THEN 1 END) AS views,
    COUNT(DISTINCT CASE WHEN kind = 'view' THEN visitor END) AS visitors,
    COALESCE(SUM(engaged_seconds), 0e0) AS engaged_seconds
FROM v_web_events
WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY site, path
ORDER BY views DESC, site, path
LIMIT 50
