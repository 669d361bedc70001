-- Title:   Share of voice by week
-- Purpose: Each brand's part of the clicks that all configured brands can expect from search engines.
-- Answer:  one row a week (Monday, UTC) and brand; share 0 to 1, null where no brand can expect a click.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    date_trunc('week', day) AS week,
    brand,
    SUM(clicks) AS clicks,
    CAST(SUM(clicks) AS double) / CAST(NULLIF(SUM(clicks_of_all), 0) AS double) AS share
FROM v_share_of_voice
WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY date_trunc('week', day), brand
ORDER BY week, brand
