-- Purpose: Page views of the company's web sites by people.
-- Grain:   one row a page view.
-- Inputs:  web_events
-- Hidden:  known bots, events that were sent again (the same site, kind and id), events that contradict another of
--          the same id (id_conflict).
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT day, site, count(*) AS views, count(DISTINCT visitor) AS visitors FROM v_web_page_views WHERE day
--          >= DATE '2026-11-01' GROUP BY day, site
--
-- Columns:
--   day             date       UTC day of the view; filter by it
--   viewed_at       timestamp  When the page was opened, by the time of receipt
--   view_id         string     The page's own id of the view; events on the page carry it in v_web_events
--   site            string     The configured site
--   host            string     Host of the page
--   path            string     Path of the page, without query and fragment
--   section         string     Website, blog or another configured part of the site; null where no rule holds
--   title           string     Title of the page
--   referrer        string     Host and path of the page before, without query and fragment
--   utm_source      string     Campaign parameter utm_source of the page's address
--   utm_medium      string     Campaign parameter utm_medium of the page's address
--   utm_campaign    string     Campaign parameter utm_campaign of the page's address
--   utm_term        string     Campaign parameter utm_term of the page's address
--   utm_content     string     Campaign parameter utm_content of the page's address
--   visitor         string     Who it was, for this site and UTC day only: a hash whose salt is thrown away
--   first_party_id  string     [personal] The site's own id of the browser; null unless the site opted in to one
--   is_returning    boolean    The browser was here before this day; null where the site did not opt in to an id of
--                              its own
--   browser         string     Family of the browser
--   os              string     Family of the operating system
--   device          string     desktop, mobile, tablet or other
SELECT
    CAST(dt AS date) AS day,
    occurred_at AS viewed_at,
    event_id AS view_id,
    site,
    host,
    path,
    section,
    title,
    referrer,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_term,
    utm_content,
    visitor,
    first_party_id,
    first_seen_on < CAST(dt AS date) AS is_returning,
    browser,
    os,
    device
FROM (
    SELECT
        dt, occurred_at, event_id, site, host, path, section, title, referrer, utm_source, utm_medium, utm_campaign,
        utm_term, utm_content, visitor, first_party_id, first_seen_on, browser, os, device,
        ROW_NUMBER() OVER (PARTITION BY dt, site, event_id ORDER BY received_at) AS nth
    FROM web_events
    WHERE kind = 'view' AND NOT is_bot AND NOT id_conflict
) AS sent
WHERE nth = 1
