-- Title:   New and returning visitors
-- Purpose: Who came to the web sites for the first time, and who came again. Only sites that opted in to an id of
--          their own can tell.
-- Answer:  one row a day and site; a visitor is new, returning or unknown.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    day,
    site,
    COUNT(DISTINCT visitor) AS visitors,
    COUNT(DISTINCT CASE WHEN NOT is_returning THEN visitor END) AS new_visitors,
    COUNT(DISTINCT CASE WHEN is_returning THEN visitor END) AS returning_visitors,
    COUNT(DISTINCT CASE WHEN is_returning IS NULL THEN visitor END) AS unknown_visitors
FROM v_web_page_views
WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY day, site
ORDER BY day, site
