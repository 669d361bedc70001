-- sessions by half an hour of silence
WITH gaps AS (
    SELECT visitor, occurred_at,
        CASE WHEN date_diff('minute', lag(occurred_at) OVER (PARTITION BY visitor ORDER BY occurred_at), occurred_at) <= 30 THEN 0 ELSE 1 END AS is_new
    FROM web_events
    WHERE NOT is_bot
),
numbered AS (SELECT visitor, occurred_at, sum(is_new) OVER (PARTITION BY visitor ORDER BY occurred_at) AS session FROM gaps)
SELECT visitor, session, min(occurred_at) AS started, max(occurred_at) AS ended, count(*) AS events
FROM numbered
GROUP BY visitor, session
ORDER BY started;
-- how long sessions last
WITH s AS (SELECT session_id, min(occurred_at) AS started, max(occurred_at) AS ended FROM product_events WHERE session_id IS NOT NULL GROUP BY session_id)
SELECT approx_percentile(date_diff('second', started, ended), 0.5) AS median_s, max(date_diff('second', started, ended)) AS longest_s FROM s;
-- first and last page
SELECT visitor, min_by(path, occurred_at) AS entry, max_by(path, occurred_at) AS last_page FROM web_events GROUP BY visitor;
-- pages of a session in order
SELECT view_id, array_agg(path ORDER BY occurred_at) AS pages FROM web_events GROUP BY view_id;
-- events per session
SELECT events, count(*) AS sessions FROM (SELECT session_id, count(*) AS events FROM product_events GROUP BY session_id) t GROUP BY events ORDER BY events;
-- bounces
WITH s AS (SELECT visitor, count(*) AS views FROM web_events WHERE kind = 'page_view' GROUP BY visitor) SELECT count_if(views = 1) AS bounced, count(*) AS visitors, 1e0 * count_if(views = 1) / nullif(count(*), 0) AS rate FROM s;
-- where sessions come from
SELECT coalesce(nullif(url_extract_host(referrer), ''), 'direct') AS host, count(DISTINCT visitor) AS visitors FROM web_events GROUP BY 1 ORDER BY 2 DESC;
-- time on a page until the next
SELECT path, avg(seconds) AS seconds FROM (SELECT path, date_diff('second', occurred_at, lead(occurred_at) OVER (PARTITION BY visitor ORDER BY occurred_at)) AS seconds FROM web_events) t WHERE seconds < 1800 GROUP BY path;
