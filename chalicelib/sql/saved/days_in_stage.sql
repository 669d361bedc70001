-- Title:   How long opportunities stay in each stage
-- Purpose: Days from entering a stage to leaving it, of the stays that have ended.
-- Answer:  one row a stage; days.
--
-- Parameters:
--   first_day  date  [2026-09-01] First day of entering
--   last_day   date  [2026-11-30] Last day of entering, inclusive
SELECT
    stage,
    COUNT(*) AS stays,
    ELEMENT_AT(
        ARRAY_SORT(ARRAY_AGG(days_in_stage) FILTER (WHERE days_in_stage IS NOT NULL)), (COUNT(days_in_stage) + 1) / 2
    ) AS median_days,
    AVG(days_in_stage) AS mean_days,
    MAX(days_in_stage) AS longest_days
FROM v_opportunity_stages
WHERE entered_on BETWEEN ? /* first_day */ AND ? /* last_day */
    AND NOT is_current
GROUP BY stage
ORDER BY stage
