-- Title:   Funnel from sign-up to first value
-- Purpose: Of the people who did a first thing (signed up) in a period, how many did a second (got a first value)
--          within some days, by week of the first.
-- Answer:  one row a week; rate is reached over started, 0 to 1; hours are those of who reached it.
--
-- Parameters:
--   first_event   text     [signed_up] The event that begins it
--   second_event  text     [report_opened] The event that ends it
--   within_days   integer  [14] How many days the second may take
--   origin        text     [product] Whose events: product or mixpanel
--   first_day     date     [2026-11-01] First day of the period, UTC
--   last_day      date     [2026-11-30] Last day of the period, inclusive
WITH started AS (
    SELECT person_id, MIN(happened_at) AS started_at
    FROM v_product_events
    WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
        AND origin = ? /* origin */
        AND event = ? /* first_event */
        AND person_id IS NOT NULL
    GROUP BY person_id
),
later AS (
    SELECT person_id, happened_at
    FROM v_product_events
    WHERE day BETWEEN ? /* first_day */ AND date_add('day', ? /* within_days */, ? /* last_day */)
        AND origin = ? /* origin */
        AND event = ? /* second_event */
),
reached AS (
    SELECT
        started.started_at,
        date_diff('second', started.started_at, MIN(later.happened_at)) / 3600e0 AS hours
    FROM started
    LEFT JOIN later ON later.person_id = started.person_id
        AND later.happened_at >= started.started_at
        AND later.happened_at < date_add('day', ? /* within_days */, started.started_at)
    GROUP BY started.person_id, started.started_at
)
SELECT
    CAST(date_trunc('week', started_at) AS date) AS week,
    COUNT(*) AS started,
    COUNT(hours) AS reached,
    CAST(COUNT(hours) AS double) / COUNT(*) AS rate,
    ELEMENT_AT(ARRAY_SORT(ARRAY_AGG(hours) FILTER (WHERE hours IS NOT NULL)), (COUNT(hours) + 1) / 2) AS median_hours
FROM reached
GROUP BY CAST(date_trunc('week', started_at) AS date)
ORDER BY week
