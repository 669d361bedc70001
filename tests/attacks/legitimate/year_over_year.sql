-- this month and the month a year ago
WITH months AS (SELECT date_trunc('month', day) AS month, sum(views) AS views FROM youtube_channel_days GROUP BY 1)
SELECT a.month, a.views, b.views AS a_year_ago, 100e0 * (a.views - b.views) / nullif(b.views, 0) AS percent
FROM months a
LEFT JOIN months b ON b.month = date_add('year', -1, a.month)
ORDER BY a.month;
-- with lag of twelve
SELECT month, amount, lag(amount, 12) OVER (ORDER BY month) AS a_year_ago FROM (SELECT date_trunc('month', created_at) AS month, sum(amount) AS amount FROM salesforce_opportunities GROUP BY date_trunc('month', created_at)) t;
-- week over week
WITH weeks AS (SELECT date_trunc('week', occurred_at) AS week, count(*) AS events FROM product_events GROUP BY 1)
SELECT week, events, events - lag(events) OVER (ORDER BY week) AS change FROM weeks ORDER BY week;
-- year to date
SELECT sum(downloads) AS downloads FROM downloads_cube_day WHERE bucket_start >= date_trunc('year', TIMESTAMP '2026-11-22 00:00:00');
-- the same weekday of the week before
SELECT date(requested_at) AS day, count(*) AS requests, lag(count(*), 7) OVER (ORDER BY date(requested_at)) AS week_before FROM s3_access_requests GROUP BY date(requested_at);
-- today and yesterday
SELECT sum(CASE WHEN dt = '2026-11-22' THEN 1 ELSE 0 END) AS today, sum(CASE WHEN dt = '2026-11-21' THEN 1 ELSE 0 END) AS yesterday FROM web_events WHERE dt IN ('2026-11-21', '2026-11-22');
