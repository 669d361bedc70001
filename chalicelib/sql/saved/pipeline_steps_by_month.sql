-- Title:   Leads, MQLs, opportunities and wins by month
-- Purpose: How many records first reached each step of the pipeline in each month: the numbers of a monthly report.
-- Answer:  one row a month, object and step.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    date_trunc('month', reached_on) AS month,
    object,
    step,
    COUNT(*) AS records
FROM v_pipeline_steps
WHERE reached_on BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY date_trunc('month', reached_on), object, step
ORDER BY month, object, step
