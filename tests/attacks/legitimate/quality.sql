-- rows twice
SELECT event_id, count(*) AS times FROM product_events GROUP BY event_id HAVING count(*) > 1 ORDER BY times DESC;
-- missing values by column
SELECT count(*) AS all_rows, count(user_id) AS with_user, count(session_id) AS with_session, count(*) - count(account_id) AS without_account FROM product_events;
-- what came late
SELECT dt, count_if(received_at > occurred_at + INTERVAL '1' DAY) AS late FROM github_events GROUP BY dt;
-- in the future
SELECT count(*) AS wrong FROM web_events WHERE occurred_at > received_at + INTERVAL '5' MINUTE;
-- text that is no number
SELECT browser_version, TRY_CAST(version_id AS bigint) AS number FROM web_events, s3_access_requests LIMIT 3;
-- freshness of every table
SELECT 'github_events' AS name, max(occurred_at) AS last FROM github_events UNION ALL SELECT 'web_events', max(occurred_at) FROM web_events UNION ALL SELECT 'meltwater_mentions', max(published_at) FROM meltwater_mentions;
-- is distinct from
SELECT count(*) AS changes FROM salesforce_stage_changes WHERE from_status IS DISTINCT FROM to_status;
-- not in, with nulls
SELECT DISTINCT repository FROM github_events WHERE repository NOT IN (SELECT repository FROM github_repository_stats WHERE repository IS NOT NULL);
-- cube against the source
SELECT c.day, c.downloads, r.requests FROM (SELECT date(bucket_start) AS day, sum(downloads) AS downloads FROM downloads_cube GROUP BY 1) c LEFT JOIN (SELECT date(requested_at) AS day, count(*) AS requests FROM s3_access_requests WHERE is_download GROUP BY 1) r ON r.day = c.day;
-- extremes
SELECT greatest(max(additions), max(deletions)) AS largest, least(min(additions), min(deletions)) AS smallest FROM github_pull_requests;
-- casts of all kinds
SELECT CAST('1' AS integer) AS i, CAST(1.5e0 AS bigint) AS b, CAST('2026-11-22' AS date) AS d, CAST(1 AS varchar) AS v, CAST('1.25' AS decimal(10, 2)) AS n, CAST('true' AS boolean) AS t;
-- hash of a text
SELECT to_hex(md5(to_utf8('headwater'))) AS md5, to_hex(sha256(to_utf8('headwater'))) AS sha256;
-- constants
SELECT 1 AS one, 'a' AS a, DATE '2026-11-22' AS day, NULL AS nothing, true AS yes;
-- values as a table
SELECT v.code, v.label FROM (VALUES ('a', 'first'), ('b', 'second')) AS v(code, label) ORDER BY v.code;
-- today
SELECT current_date AS day, now() AS at;
