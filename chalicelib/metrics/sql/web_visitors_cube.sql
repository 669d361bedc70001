-- Purpose: who was on the company's web sites: each visitor once in each quarter of an hour, section and device.
-- Inputs:  web_events (source web_beacons).
-- Grain:   bucket_start (15 minutes), site, section, visitor_type, device, member.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- A visitor is known by the site's own id of the browser where the site opted in to one, else by a name that lasts a UTC
-- day: without an id somebody who comes on three days is three visitors. With one, a browser is returning if it has had
-- its id since before the UTC day of the event, else new; without one nobody can tell (null).
-- Events that were sent again count once, contradictions (id_conflict) and known bots never, as in v_web_events.
WITH told AS (
    SELECT
        dt, occurred_at, site, section, device, visitor, first_party_id, first_seen_on,
        row_number() OVER (
            PARTITION BY dt, site, kind, event_id ORDER BY received_at, occurred_at, visitor
        ) AS nth
    FROM web_events
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
        AND NOT is_bot
        AND NOT id_conflict
),
present AS (
    SELECT
        date_add('minute', 0 - minute(occurred_at) % 15, date_trunc('minute', occurred_at)) AS bucket_start,
        site,
        section,
        CASE
            WHEN first_party_id IS NULL OR first_seen_on IS NULL THEN NULL
            WHEN first_seen_on < CAST(dt AS date) THEN 'returning'
            ELSE 'new'
        END AS visitor_type,
        device,
        coalesce(first_party_id, visitor) AS member
    FROM told
    WHERE nth = 1
)
SELECT bucket_start, site, section, visitor_type, device, member
FROM present
GROUP BY bucket_start, site, section, visitor_type, device, member
