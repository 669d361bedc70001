-- Purpose: Visits of the company's web sites by people, each cut at midnight UTC: what one visitor did on one site
--          without 30 minutes of silence.
-- Grain:   one row a visit and UTC day. A visit over midnight is two rows here, for a visitor's name lasts a day
--          and following it over midnight needs the days beside it; so this counts more visits than the metric
--          sessions, which follows it: web_sessions_cube has its sums, and the statement
--          chalicelib/metrics/queries/web_sessions.sql each session, with bots.
-- Inputs:  web_events
-- Hidden:  known bots, events that were sent again (the same site, kind and id), events that contradict another of
--          the same id (id_conflict).
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT day, count(*) AS visits, avg(page_views) AS pages, count_if(page_views = 1) AS one_page FROM
--          v_web_sessions WHERE day >= DATE '2026-11-01' GROUP BY day
--
-- Columns:
--   day                    date       UTC day of the visit; filter by it
--   session_id             string     The id of the visit's first event
--   site                   string     The configured site
--   visitor                string     Who it was, for this site and UTC day only: a hash whose salt is thrown away
--   started_at             timestamp  Time of its first event
--   ended_at               timestamp  Time of its last event
--   duration_seconds       double     [seconds] From the first event to the last; 0 where there is one event
--   page_views             bigint     [count] Page views
--   events                 bigint     [count] Events of all kinds, page views too
--   engaged_seconds        double     [seconds] How long its pages were looked at, as far as they told
--   entry_path             string     Path of its first page view; null where it has none
--   exit_path              string     Path of its last page view; null where it has none
--   referrer               string     Host and path before its first event
--   utm_source             string     utm_source of its first event
--   utm_medium             string     utm_medium of its first event
--   utm_campaign           string     utm_campaign of its first event
--   device                 string     desktop, mobile, tablet or other
--   began_before_midnight  boolean    It may be the rest of a visit of the day before: the visitor has a name of that
--                                     day, and it starts within 30 minutes of midnight
WITH events AS (
    SELECT
        dt, site, visitor, visitor_before, event_id, kind, occurred_at, path, referrer, utm_source, utm_medium,
        utm_campaign, device, duration_s
    FROM (
        SELECT
            dt, site, visitor, visitor_before, event_id, kind, occurred_at, path, referrer, utm_source, utm_medium,
            utm_campaign, device, duration_s,
            ROW_NUMBER() OVER (PARTITION BY dt, site, kind, event_id ORDER BY received_at) AS nth
        FROM web_events
        WHERE NOT is_bot AND NOT id_conflict
    ) AS sent
    WHERE nth = 1
),
followed AS (
    SELECT
        dt, site, visitor, visitor_before, event_id, kind, occurred_at, path, referrer, utm_source, utm_medium,
        utm_campaign, device, duration_s,
        LAG(occurred_at) OVER (PARTITION BY dt, site, visitor ORDER BY occurred_at, event_id, kind) AS occurred_before
    FROM events
),
numbered AS (
    SELECT
        dt, site, visitor, visitor_before, event_id, kind, occurred_at, path, referrer, utm_source, utm_medium,
        utm_campaign, device, duration_s,
        SUM(CASE
            WHEN occurred_before IS NULL THEN 1
            WHEN occurred_at >= occurred_before + INTERVAL '30' MINUTE THEN 1
            ELSE 0
        END) OVER (
            PARTITION BY dt, site, visitor ORDER BY occurred_at, event_id, kind
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS number
    FROM followed
)
SELECT
    CAST(dt AS date) AS day,
    MIN_BY(event_id, ROW(occurred_at, event_id, kind)) AS session_id,
    site,
    visitor,
    MIN(occurred_at) AS started_at,
    MAX(occurred_at) AS ended_at,
    date_diff('millisecond', MIN(occurred_at), MAX(occurred_at)) / 1000e0 AS duration_seconds,
    COUNT(CASE WHEN kind = 'view' THEN 1 END) AS page_views,
    COUNT(*) AS events,
    COALESCE(SUM(duration_s), 0e0) AS engaged_seconds,
    MIN_BY(path, CASE WHEN kind = 'view' THEN ROW(occurred_at, event_id) END) AS entry_path,
    MAX_BY(path, CASE WHEN kind = 'view' THEN ROW(occurred_at, event_id) END) AS exit_path,
    MIN_BY(referrer, ROW(occurred_at, event_id, kind)) AS referrer,
    MIN_BY(utm_source, ROW(occurred_at, event_id, kind)) AS utm_source,
    MIN_BY(utm_medium, ROW(occurred_at, event_id, kind)) AS utm_medium,
    MIN_BY(utm_campaign, ROW(occurred_at, event_id, kind)) AS utm_campaign,
    MIN_BY(device, ROW(occurred_at, event_id, kind)) AS device,
    COUNT(visitor_before) > 0 AND MIN(occurred_at) < CAST(CAST(dt AS date) AS timestamp) + INTERVAL '30' MINUTE
        AS began_before_midnight
FROM numbered
GROUP BY dt, site, visitor, number
