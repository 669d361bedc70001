-- Purpose: what people did in the product: the product's own events, and those of Mixpanel.
-- Inputs:  product_events (source product_events), mixpanel_events (source mixpanel_events).
-- Grain:   bucket_start (15 minutes), origin ('product', 'mixpanel'), source, event.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- As in the view v_product_events, an event that was sent again within a UTC day (product: the same source and id;
-- Mixpanel: the same name, person, time and insert id) counts once, as it came first, and one that contradicts another of
-- the same identity (id_conflict) never. An event that a product sends to both has a row in either origin.
WITH told AS (
    SELECT
        occurred_at AS happened_at, 'product' AS origin, source, event,
        row_number() OVER (
            PARTITION BY dt, source, event_id ORDER BY received_at, occurred_at, event
        ) AS nth
    FROM product_events
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
        AND NOT id_conflict
    UNION ALL
    SELECT
        happened_at, 'mixpanel' AS origin, library AS source, event,
        row_number() OVER (
            PARTITION BY dt, event_key ORDER BY processed_at, happened_at, library
        ) AS nth
    FROM mixpanel_events
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
        AND NOT id_conflict
)
SELECT
    date_add('minute', 0 - minute(happened_at) % 15, date_trunc('minute', happened_at)) AS bucket_start,
    origin,
    source,
    event,
    count(*) AS events
FROM told
WHERE nth = 1
GROUP BY date_add('minute', 0 - minute(happened_at) % 15, date_trunc('minute', happened_at)), origin, source, event
