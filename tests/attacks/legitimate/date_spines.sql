-- every day, also those without events
WITH days AS (SELECT day FROM UNNEST(sequence(DATE '2026-11-18', DATE '2026-11-24', INTERVAL '1' DAY)) AS t(day))
SELECT d.day, coalesce(count(e.event_id), 0) AS events
FROM days d
LEFT JOIN product_events e ON date(e.occurred_at) = d.day
GROUP BY d.day
ORDER BY d.day;
-- every hour of a day
SELECT h.hour, count(r.request_id) AS requests
FROM UNNEST(sequence(0, 23)) AS h(hour)
LEFT JOIN s3_access_requests r ON hour(r.requested_at) = h.hour AND r.dt = '2026-11-21'
GROUP BY h.hour
ORDER BY h.hour;
-- every repository on every day
WITH days AS (SELECT day FROM UNNEST(sequence(DATE '2026-11-20', DATE '2026-11-22', INTERVAL '1' DAY)) AS t(day)),
repositories AS (SELECT DISTINCT repository FROM github_stars WHERE repository IS NOT NULL)
SELECT r.repository, d.day, count(s.event_id) AS stars
FROM repositories r
CROSS JOIN days d
LEFT JOIN github_stars s ON s.repository = r.repository AND date(s.occurred_at) = d.day AND s.action = 'created'
GROUP BY r.repository, d.day
ORDER BY 1, 2;
-- months of a year
SELECT date_format(month, '%b %Y') AS month FROM UNNEST(sequence(DATE '2026-01-01', DATE '2026-12-01', INTERVAL '1' MONTH)) AS t(month);
-- days without any observation
SELECT day FROM UNNEST(sequence(DATE '2026-11-18', DATE '2026-11-24', INTERVAL '1' DAY)) AS t(day) WHERE day NOT IN (SELECT date(observed_at) FROM x_accounts WHERE observed_at IS NOT NULL);
-- numbers beside rows
SELECT n, sum(downloads) AS downloads FROM downloads_cube_day CROSS JOIN UNNEST(ARRAY[1, 7, 28]) AS spans(n) GROUP BY n;
-- hours of two days
SELECT t.at, count(w.event_id) AS events FROM UNNEST(sequence(TIMESTAMP '2026-11-20 00:00:00', TIMESTAMP '2026-11-21 00:00:00', INTERVAL '1' HOUR)) AS t(at) LEFT JOIN web_events w ON date_trunc('hour', w.occurred_at) = t.at GROUP BY t.at ORDER BY t.at;
