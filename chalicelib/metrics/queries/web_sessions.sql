-- Purpose:     sessions of web visitors: what one visitor did on one site without a silence of 30 minutes, over midnight too.
-- Inputs:      web_events.
-- Grain:       one row a session: site, its name (that of its first event), start, end, events, page views.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive. A session that goes on over either end is
--              cut there: ask for a day more on both sides than you need.
-- A visitor's name lasts a UTC day. Rows of a day's first minutes say what the name was the day before; the links of up to
-- 32 midnights in a row are followed, twice as many with each step. The same as chalicelib/domain/sessions.py.
WITH events AS (
    SELECT site, event_id, kind, occurred_at, visitor, visitor_before
    FROM web_events
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
),
links_1 AS (
    SELECT site, visitor, COALESCE(MIN(visitor_before), visitor) AS first_name
    FROM events
    GROUP BY site, visitor
),
links_2 AS (
    SELECT a.site, a.visitor, COALESCE(b.first_name, a.first_name) AS first_name
    FROM links_1 AS a LEFT JOIN links_1 AS b ON b.site = a.site AND b.visitor = a.first_name
),
links_4 AS (
    SELECT a.site, a.visitor, COALESCE(b.first_name, a.first_name) AS first_name
    FROM links_2 AS a LEFT JOIN links_2 AS b ON b.site = a.site AND b.visitor = a.first_name
),
links_8 AS (
    SELECT a.site, a.visitor, COALESCE(b.first_name, a.first_name) AS first_name
    FROM links_4 AS a LEFT JOIN links_4 AS b ON b.site = a.site AND b.visitor = a.first_name
),
links_16 AS (
    SELECT a.site, a.visitor, COALESCE(b.first_name, a.first_name) AS first_name
    FROM links_8 AS a LEFT JOIN links_8 AS b ON b.site = a.site AND b.visitor = a.first_name
),
links_32 AS (
    SELECT a.site, a.visitor, COALESCE(b.first_name, a.first_name) AS first_name
    FROM links_16 AS a LEFT JOIN links_16 AS b ON b.site = a.site AND b.visitor = a.first_name
),
followed AS (
    SELECT
        events.site, links_32.first_name, events.event_id, events.kind, events.occurred_at,
        LAG(events.occurred_at) OVER (
            PARTITION BY events.site, links_32.first_name ORDER BY events.occurred_at, events.event_id
        ) AS occurred_before
    FROM events INNER JOIN links_32 ON links_32.site = events.site AND links_32.visitor = events.visitor
),
numbered AS (
    SELECT
        site, first_name, event_id, kind, occurred_at,
        SUM(CASE
            WHEN occurred_before IS NULL THEN 1
            WHEN occurred_at >= occurred_before + INTERVAL '30' MINUTE THEN 1
            ELSE 0
        END) OVER (
            PARTITION BY site, first_name ORDER BY occurred_at, event_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS number
    FROM followed
)
SELECT
    site,
    MIN_BY(event_id, ROW(occurred_at, event_id)) AS session,
    MIN(occurred_at) AS started_at,
    MAX(occurred_at) AS ended_at,
    COUNT(*) AS events,
    COUNT(CASE WHEN kind = 'view' THEN 1 END) AS views
FROM numbered
GROUP BY site, first_name, number
