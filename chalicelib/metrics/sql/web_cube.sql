-- Purpose: what visitors did on the company's web sites: pages viewed and looked at, links followed, files downloaded,
--          events of the pages' own.
-- Inputs:  web_events (source web_beacons).
-- Grain:   bucket_start (15 minutes), site, section, path, referrer_host, utm_source, utm_medium, utm_campaign, device,
--          browser, event, target, is_bot.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- As in the view v_web_events, an event that was sent again (the same site, kind and id within a UTC day) counts once, as
-- it came first, and one that contradicts another of the same id (id_conflict) counts never. Known bots have rows of
-- their own. Time on pages is summed in whole milliseconds, as pages tell it.
WITH told AS (
    SELECT
        occurred_at, site, section, path, kind, duration_s, utm_source, utm_medium, utm_campaign, device, browser, is_bot,
        split_part(referrer, '/', 1) AS referrer_host,
        CASE WHEN kind = 'event' THEN name END AS event,
        CASE WHEN kind IN ('outbound', 'download') THEN target END AS target,
        row_number() OVER (
            PARTITION BY dt, site, kind, event_id, is_bot ORDER BY received_at, occurred_at, visitor
        ) AS nth
    FROM web_events
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
        AND NOT id_conflict
),
happened AS (
    SELECT
        date_add('minute', 0 - minute(occurred_at) % 15, date_trunc('minute', occurred_at)) AS bucket_start,
        site, section, path, referrer_host, utm_source, utm_medium, utm_campaign, device, browser, event, target, is_bot,
        kind,
        CAST(round(coalesce(duration_s, 0e0) * 1000) AS bigint) AS engaged_ms
    FROM told
    WHERE nth = 1
)
SELECT
    bucket_start,
    site,
    section,
    path,
    referrer_host,
    utm_source,
    utm_medium,
    utm_campaign,
    device,
    browser,
    event,
    target,
    is_bot,
    count_if(kind = 'view') AS page_views,
    sum(engaged_ms) AS engaged_ms,
    count_if(kind = 'outbound') AS outbound_clicks,
    count_if(kind = 'download') AS file_downloads,
    count_if(kind = 'event') AS site_events
FROM happened
GROUP BY
    bucket_start, site, section, path, referrer_host, utm_source, utm_medium, utm_campaign, device, browser, event, target,
    is_bot
