-- events by hour in Berlin
SELECT hour(occurred_at AT TIME ZONE 'Europe/Berlin') AS hour, count(*) AS events FROM web_events GROUP BY 1 ORDER BY 1;
-- days in New York
SELECT date(at_timezone(with_timezone(occurred_at, 'UTC'), 'America/New_York')) AS day, count(*) AS events FROM product_events GROUP BY 1 ORDER BY 1;
-- around the change to summer time
SELECT TIMESTAMP '2026-03-29 00:30:00 UTC' AT TIME ZONE 'Europe/Berlin' AS before, TIMESTAMP '2026-03-29 01:30:00 UTC' AT TIME ZONE 'Europe/Berlin' AS after;
-- around the change back
SELECT TIMESTAMP '2026-10-25 00:30:00 UTC' AT TIME ZONE 'Europe/Berlin' AS first, TIMESTAMP '2026-10-25 01:30:00 UTC' AT TIME ZONE 'Europe/Berlin' AS second;
-- how long a day is
SELECT date_diff('hour', with_timezone(TIMESTAMP '2026-03-29 00:00:00', 'Europe/Berlin'), with_timezone(TIMESTAMP '2026-03-30 00:00:00', 'Europe/Berlin')) AS hours;
-- weekday in Tokyo
SELECT day_of_week(occurred_at AT TIME ZONE 'Asia/Tokyo') AS weekday, count(*) AS events FROM github_events GROUP BY 1 ORDER BY 1;
-- months in a zone
SELECT date_trunc('month', with_timezone(happened_at, 'UTC') AT TIME ZONE 'America/Los_Angeles') AS month, count(*) AS events FROM mixpanel_events GROUP BY 1;
-- a text with its offset
SELECT from_iso8601_timestamp('2026-11-22T10:00:00+05:45') AS at;
-- the day of a text with an offset
SELECT date(from_iso8601_timestamp('2026-11-22T23:30:00-05:00') AT TIME ZONE 'UTC') AS day;
-- an instant as text
SELECT repository, to_iso8601(max(observed_at)) AS last FROM github_repository_stats GROUP BY repository;
-- seconds since 1970
SELECT visitor, to_unixtime(max(occurred_at)) AS last FROM web_events GROUP BY visitor;
-- from seconds since 1970
SELECT from_unixtime(1790000000) AS at, from_unixtime(1790000000, 'Europe/Berlin') AS local;
-- half past hours
SELECT format_datetime(occurred_at AT TIME ZONE 'Asia/Kolkata', 'yyyy-MM-dd HH:mm') AS local, count(*) AS events FROM web_events GROUP BY 1 ORDER BY 1;
-- working hours of Berlin
SELECT count(*) AS events FROM github_pushes WHERE hour(occurred_at AT TIME ZONE 'Europe/Berlin') BETWEEN 9 AND 17 AND day_of_week(occurred_at AT TIME ZONE 'Europe/Berlin') <= 5;
