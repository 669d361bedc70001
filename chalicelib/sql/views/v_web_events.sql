-- Purpose: Everything that people did on the company's web sites: views, reading, links that were followed,
--          downloads, events of the pages' own.
-- Grain:   one row an event.
-- Inputs:  web_events
-- Hidden:  known bots, events that were sent again (the same site, kind and id), events that contradict another of
--          the same id (id_conflict), the clock of the visitor.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT path, sum(engaged_seconds) AS seconds FROM v_web_events WHERE day >= DATE '2026-11-01' AND kind =
--          'engagement' GROUP BY path ORDER BY seconds DESC LIMIT 20
--
-- Columns:
--   day              date       UTC day of the event; filter by it
--   happened_at      timestamp  When it happened, by the time of receipt
--   event_id         string     The page's own id of the event; a retry has the same
--   kind             string     What it is: view, engagement, outbound, download, event
--   view_id          string     The event_id of the page view that it belongs to; for a view its own
--   site             string     The configured site
--   host             string     Host of the page
--   path             string     Path of the page, without query and fragment
--   section          string     Website, blog or another configured part of the site; null where no rule holds
--   title            string     Title of the page
--   referrer         string     Host and path of the page before, without query and fragment
--   target           string     Host and path of the link that was followed (outbound, download)
--   name             string     Name of a custom event
--   engaged_seconds  double     [seconds] How long the page was looked at since the last such event; of engagement
--                               only
--   visitor          string     Who it was, for this site and UTC day only: a hash whose salt is thrown away
--   first_party_id   string     [personal] The site's own id of the browser; null unless the site opted in to one
--   is_returning     boolean    The browser was here before this day; null where the site did not opt in to an id of
--                               its own
--   browser          string     Family of the browser
--   os               string     Family of the operating system
--   device           string     desktop, mobile, tablet or other
--   properties       string     [personal] Properties of an event of the page's own, a JSON object
SELECT
    CAST(dt AS date) AS day,
    occurred_at AS happened_at,
    event_id,
    kind,
    view_id,
    site,
    host,
    path,
    section,
    title,
    referrer,
    target,
    name,
    duration_s AS engaged_seconds,
    visitor,
    first_party_id,
    first_seen_on < CAST(dt AS date) AS is_returning,
    browser,
    os,
    device,
    properties
FROM (
    SELECT
        dt, occurred_at, event_id, kind, view_id, site, host, path, section, title, referrer, target, name, duration_s,
        visitor, first_party_id, first_seen_on, browser, os, device, properties,
        ROW_NUMBER() OVER (PARTITION BY dt, site, kind, event_id ORDER BY received_at) AS nth
    FROM web_events
    WHERE NOT is_bot AND NOT id_conflict
) AS sent
WHERE nth = 1
