-- the last seven days
SELECT date(occurred_at) AS day, count(*) AS events FROM product_events WHERE occurred_at >= current_date - INTERVAL '7' DAY GROUP BY 1 ORDER BY 1;
-- since yesterday by partition
SELECT count(*) AS events FROM web_events WHERE dt >= date_format(current_date - INTERVAL '1' DAY, '%Y-%m-%d');
-- by week
SELECT date_trunc('week', occurred_at) AS week, count(*) AS events FROM github_events GROUP BY date_trunc('week', occurred_at) ORDER BY week;
-- by quarter
SELECT year(created_at) AS year, quarter(created_at) AS quarter, sum(amount) AS amount FROM salesforce_opportunities GROUP BY 1, 2 ORDER BY 1, 2;
-- by hour of the day and weekday
SELECT day_of_week(requested_at) AS weekday, hour(requested_at) AS hour, count(*) AS requests FROM s3_access_requests GROUP BY 1, 2 ORDER BY 1, 2;
-- ISO week
SELECT year_of_week(happened_at) AS year, week(happened_at) AS week, count(*) AS events FROM mixpanel_events GROUP BY 1, 2;
-- last day of the month
SELECT last_day_of_month(closes_on) AS month_end, count(*) AS opportunities FROM salesforce_opportunities WHERE closes_on IS NOT NULL GROUP BY 1;
-- age of leads in days
SELECT record_id, date_diff('day', created_at, modified_at) AS days FROM salesforce_leads ORDER BY days DESC LIMIT 10;
-- month as text
SELECT date_format(day, '%Y-%m') AS month, sum(views) AS views FROM youtube_channel_days GROUP BY 1 ORDER BY 1;
-- month by format_datetime
SELECT format_datetime(published_at, 'yyyy-MM') AS month, count(*) AS mentions FROM meltwater_mentions GROUP BY 1;
-- parse a text
SELECT date_parse('22.11.2026 10:30', '%d.%m.%Y %H:%i') AS at;
-- a partition as a date
SELECT CAST(dt AS date) AS day, count(*) AS rows FROM web_events GROUP BY 1 ORDER BY 1;
-- extract parts
SELECT EXTRACT(year FROM day) AS year, EXTRACT(month FROM day) AS month, sum(likes) AS likes FROM youtube_channel_days GROUP BY 1, 2;
-- between two instants
SELECT count(*) AS pushes FROM github_pushes WHERE occurred_at BETWEEN TIMESTAMP '2026-11-20 00:00:00' AND TIMESTAMP '2026-11-21 12:00:00';
-- add and subtract
SELECT date_add('month', -1, DATE '2026-03-31') AS month_before, DATE '2026-01-31' + INTERVAL '1' MONTH AS month_after;
-- quarter hours
SELECT date_add('minute', 0 - minute(occurred_at) % 15, date_trunc('minute', occurred_at)) AS quarter, count(*) AS events FROM web_events GROUP BY 1 ORDER BY 1;
-- first of the month and the next
SELECT date_trunc('month', day) AS month, date_add('month', 1, date_trunc('month', day)) AS next_month FROM youtube_channel_days GROUP BY 1, 2;
-- lateness of what was received
SELECT approx_percentile(date_diff('second', occurred_at, received_at), 0.5) AS seconds FROM github_events;
