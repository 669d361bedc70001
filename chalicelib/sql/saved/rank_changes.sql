-- Title:   Rank changes
-- Purpose: How each page's place for each keyword moved from the first check of a period to the last.
-- Answer:  one row a page, keyword and search engine; climbed is positive where it moved up, null where it was or
--          is not among the results.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    brand,
    url,
    keyword,
    engine,
    MIN_BY(position, checked_at) AS first_position,
    MAX_BY(position, checked_at) AS last_position,
    MIN_BY(position, checked_at) - MAX_BY(position, checked_at) AS climbed
FROM v_rankings
WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY brand, url, keyword, engine
ORDER BY brand, url, keyword, engine
