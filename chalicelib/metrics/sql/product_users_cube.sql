-- Purpose: who used the product: each known person once in each quarter of an hour, program and event.
-- Inputs:  product_events (source product_events), mixpanel_events (source mixpanel_events).
-- Grain:   bucket_start (15 minutes), origin ('product', 'mixpanel'), source, event, member.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- A person is, as in the view v_product_events, the product's user_id, else its anonymous_id, and Mixpanel's distinct_id.
-- Who acts before signing in has the one and afterwards the other: two persons, unless the product joins them itself.
-- Events of nobody known are left out, and those that contradict another of the same identity (id_conflict).
WITH told AS (
    SELECT
        occurred_at AS happened_at, 'product' AS origin, source, event, coalesce(user_id, anonymous_id) AS member,
        row_number() OVER (
            PARTITION BY dt, source, event_id ORDER BY received_at, occurred_at, user_id, anonymous_id
        ) AS nth
    FROM product_events
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
        AND NOT id_conflict
    UNION ALL
    SELECT
        happened_at, 'mixpanel' AS origin, library AS source, event, distinct_id AS member,
        row_number() OVER (
            PARTITION BY dt, event_key ORDER BY processed_at, happened_at, library
        ) AS nth
    FROM mixpanel_events
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
        AND NOT id_conflict
),
present AS (
    SELECT
        date_add('minute', 0 - minute(happened_at) % 15, date_trunc('minute', happened_at)) AS bucket_start,
        origin, source, event, member
    FROM told
    WHERE nth = 1
        AND member IS NOT NULL
)
SELECT bucket_start, origin, source, event, member
FROM present
GROUP BY bucket_start, origin, source, event, member
