-- Purpose: What people did in the product, whoever told: the product's own events and Mixpanel's in one shape.
-- Grain:   one row an event and origin. A product that sends the same event here and to Mixpanel has it in both:
--          filter by origin.
-- Inputs:  product_events, mixpanel_events
-- Hidden:  events that were sent again (product: source and id; Mixpanel: name, person, time and insert id) and
--          events that contradict another of the same identity (id_conflict): the first is shown. An event that a
--          product sends again after more than 30 days with another time is not recognised.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT day, event, count(*) AS events, count(DISTINCT person_id) AS people FROM v_product_events WHERE
--          day >= DATE '2026-11-01' AND origin = 'product' GROUP BY day, event
--
-- Columns:
--   day           date       UTC day of the event; filter by it
--   happened_at   timestamp  When it happened, UTC; the product's clock is put right, Mixpanel's is the sender's
--   origin        string     product: posted to us; mixpanel: exported from Mixpanel
--   source        string     Which program sent it: the product's own word, or Mixpanel's library
--   event         string     The event's name
--   event_id      string     Its identity in its origin: the sender's id (unique in its source), or the digest of
--                            Mixpanel's identity
--   person_id     string     [personal] Who did it: user_id, else anonymous_id; Mixpanel's distinct_id; null for
--                            nobody known
--   user_id       string     [personal] Who did it, by the product's own id; null for somebody not signed in
--   anonymous_id  string     [personal] Who did it, before or without signing in; Mixpanel's device id
--   account_id    string     The customer that the person belongs to; null of Mixpanel
--   session_id    string     The sender's own session; null of Mixpanel
--   properties    string     [personal] Everything said of the event, a JSON object
SELECT
    CAST(dt AS date) AS day,
    occurred_at AS happened_at,
    'product' AS origin,
    source,
    event,
    event_id,
    COALESCE(user_id, anonymous_id) AS person_id,
    user_id,
    anonymous_id,
    account_id,
    session_id,
    properties
FROM (
    SELECT
        dt, occurred_at, source, event, event_id, user_id, anonymous_id, account_id, session_id, properties,
        ROW_NUMBER() OVER (PARTITION BY dt, source, event_id ORDER BY received_at, properties) AS nth
    FROM product_events
    WHERE NOT id_conflict
) AS sent
WHERE nth = 1
UNION ALL
SELECT
    CAST(dt AS date) AS day,
    happened_at,
    'mixpanel' AS origin,
    library AS source,
    event,
    event_key AS event_id,
    distinct_id AS person_id,
    user_id,
    device_id AS anonymous_id,
    CAST(NULL AS varchar) AS account_id,
    CAST(NULL AS varchar) AS session_id,
    properties
FROM (
    SELECT
        dt, happened_at, library, event, event_key, distinct_id, user_id, device_id, properties,
        ROW_NUMBER() OVER (PARTITION BY dt, event_key ORDER BY processed_at, properties) AS nth
    FROM mixpanel_events
    WHERE NOT id_conflict
) AS exported
WHERE nth = 1
