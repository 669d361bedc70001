-- Purpose: sessions of people on the company's web sites, each in the bucket of its first event: what one visitor did on
--          one site without 30 minutes of silence, over midnight too.
-- Inputs:  web_events (source web_beacons).
-- Grain:   bucket_start (15 minutes), site, device, referrer_host, utm_source, utm_medium, utm_campaign, entry_section,
--          entry_path.
-- Parameters, named where they stand: first_day, last_day: UTC dates of the sessions' first events, inclusive; read_from,
--          read_to: the day before and the day after these.
--
-- Each day is told from three days alone, its own and those beside it, so that it comes out the same whichever others
-- are computed with it: an event begins a session if the same visitor had none in the 30 minutes before, and a session is
-- measured up to the end of the UTC day after the one in which it began (what goes on for longer is a machine). A visitor's
-- name lasts a UTC day; events of a day's first minutes say the name of the day before (visitor_before), and the links of
-- the midnights within the three days are followed. An event is named when it is received, up to an hour after it
-- happened: so of the day before, the last hour is looked at.
-- Events that were sent again count once, contradictions (id_conflict) and known bots never, as in v_web_events.
WITH told AS (
    SELECT
        CAST(dt AS date) AS day, occurred_at, site, visitor, visitor_before, event_id, kind, section, path, referrer,
        utm_source, utm_medium, utm_campaign, device,
        row_number() OVER (
            PARTITION BY dt, site, kind, event_id ORDER BY received_at, occurred_at, visitor
        ) AS nth
    FROM web_events
    WHERE dt BETWEEN ? /* read_from */ AND ? /* read_to */
        AND NOT is_bot
        AND NOT id_conflict
),
events AS (
    SELECT
        date_add('day', of_day.days_later, day) AS session_day,
        day, occurred_at, site, visitor, visitor_before, event_id, kind, section, path, referrer, utm_source, utm_medium,
        utm_campaign, device
    FROM told
    CROSS JOIN UNNEST(ARRAY[-1, 0, 1]) AS of_day (days_later)
    WHERE nth = 1
        AND date_add('day', of_day.days_later, day)
            BETWEEN CAST(? /* first_day */ AS date) AND CAST(? /* last_day */ AS date)
        AND (of_day.days_later < 1 OR hour(occurred_at) = 23)
),
links_1 AS (
    SELECT session_day, site, visitor, coalesce(min(visitor_before), visitor) AS first_name
    FROM events
    GROUP BY session_day, site, visitor
),
links_2 AS (
    SELECT a.session_day, a.site, a.visitor, coalesce(b.first_name, a.first_name) AS first_name
    FROM links_1 AS a
    LEFT JOIN links_1 AS b ON b.session_day = a.session_day AND b.site = a.site AND b.visitor = a.first_name
),
links_4 AS (
    SELECT a.session_day, a.site, a.visitor, coalesce(b.first_name, a.first_name) AS first_name
    FROM links_2 AS a
    LEFT JOIN links_2 AS b ON b.session_day = a.session_day AND b.site = a.site AND b.visitor = a.first_name
),
followed AS (
    SELECT
        e.session_day, e.day, e.occurred_at, e.site, links_4.first_name, e.event_id, e.kind, e.section, e.path, e.referrer,
        e.utm_source, e.utm_medium, e.utm_campaign, e.device,
        lag(e.occurred_at) OVER (
            PARTITION BY e.session_day, e.site, links_4.first_name ORDER BY e.occurred_at, e.event_id, e.kind
        ) AS occurred_before
    FROM events AS e
    INNER JOIN links_4
        ON links_4.session_day = e.session_day AND links_4.site = e.site AND links_4.visitor = e.visitor
),
numbered AS (
    SELECT
        session_day, day, occurred_at, site, first_name, event_id, kind, section, path, referrer, utm_source, utm_medium,
        utm_campaign, device,
        sum(CASE
            WHEN occurred_before IS NULL THEN 1
            WHEN occurred_at >= occurred_before + INTERVAL '30' MINUTE THEN 1
            ELSE 0
        END) OVER (
            PARTITION BY session_day, site, first_name ORDER BY occurred_at, event_id, kind
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS number
    FROM followed
),
sessions AS (
    SELECT
        session_day,
        min(day) AS first_day,
        site,
        min(occurred_at) AS started_at,
        date_diff('millisecond', min(occurred_at), max(occurred_at)) AS session_ms,
        count_if(kind = 'view') AS page_views,
        min_by(section, CASE WHEN kind = 'view' THEN ROW(occurred_at, event_id) END) AS entry_section,
        min_by(path, CASE WHEN kind = 'view' THEN ROW(occurred_at, event_id) END) AS entry_path,
        split_part(min_by(referrer, ROW(occurred_at, event_id, kind)), '/', 1) AS referrer_host,
        min_by(utm_source, ROW(occurred_at, event_id, kind)) AS utm_source,
        min_by(utm_medium, ROW(occurred_at, event_id, kind)) AS utm_medium,
        min_by(utm_campaign, ROW(occurred_at, event_id, kind)) AS utm_campaign,
        min_by(device, ROW(occurred_at, event_id, kind)) AS device
    FROM numbered
    GROUP BY session_day, site, first_name, number
)
SELECT
    date_add('minute', 0 - minute(started_at) % 15, date_trunc('minute', started_at)) AS bucket_start,
    site,
    device,
    referrer_host,
    utm_source,
    utm_medium,
    utm_campaign,
    entry_section,
    entry_path,
    count(*) AS sessions,
    count_if(page_views = 1) AS one_page_sessions,
    sum(session_ms) AS session_ms,
    sum(page_views) AS session_page_views
FROM sessions
WHERE first_day = session_day
GROUP BY
    date_add('minute', 0 - minute(started_at) % 15, date_trunc('minute', started_at)), site, device, referrer_host,
    utm_source, utm_medium, utm_campaign, entry_section, entry_path
