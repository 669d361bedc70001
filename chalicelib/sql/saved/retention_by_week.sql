-- Title:   Retention by week
-- Purpose: Of the people who were first active in a week of the period, how many were active one, two, … weeks
--          later.
-- Answer:  one row a cohort (the Monday of its first week in the period) and weeks later; week 0 is the whole
--          cohort.
--
-- Parameters:
--   origin     text  [product] Whose events: product or mixpanel
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
WITH active AS (
    SELECT DISTINCT person_id, date_trunc('week', day) AS week
    FROM v_product_events
    WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
        AND origin = ? /* origin */
        AND person_id IS NOT NULL
),
cohorts AS (
    SELECT person_id, MIN(week) AS cohort
    FROM active
    GROUP BY person_id
)
SELECT
    cohorts.cohort,
    date_diff('week', cohorts.cohort, active.week) AS weeks_later,
    COUNT(*) AS people
FROM active
INNER JOIN cohorts ON cohorts.person_id = active.person_id
GROUP BY cohorts.cohort, date_diff('week', cohorts.cohort, active.week)
ORDER BY cohort, weeks_later
