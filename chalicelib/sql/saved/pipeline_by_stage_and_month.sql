-- Title:   Pipeline by stage and month
-- Purpose: What is open in the pipeline: opportunities and their worth, by the month in which they are expected to
--          close.
-- Answer:  one row a month, stage and currency; amounts of one currency only are added.
--
-- Parameters:
--   first_day  date  [2026-10-01] First expected day of closing
--   last_day   date  [2027-03-31] Last expected day of closing, inclusive
SELECT
    date_trunc('month', closes_on) AS month,
    stage,
    currency,
    COUNT(*) AS opportunities,
    SUM(amount) AS amount
FROM v_opportunities
WHERE closes_on BETWEEN ? /* first_day */ AND ? /* last_day */
    AND NOT is_closed
GROUP BY date_trunc('month', closes_on), stage, currency
ORDER BY month, stage, currency
