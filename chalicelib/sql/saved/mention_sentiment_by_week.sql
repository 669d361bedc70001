-- Title:   Mentions and their sentiment by week
-- Purpose: How often media and networks wrote of the company, in which tone, and how many people that can have
--          reached.
-- Answer:  one row a week (Monday, UTC) and sentiment.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    date_trunc('week', day) AS week,
    sentiment,
    COUNT(*) AS mentions,
    SUM(reach) AS reach
FROM v_mentions
WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY date_trunc('week', day), sentiment
ORDER BY week, sentiment
