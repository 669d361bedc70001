-- stars by repository
SELECT repository, count(*) AS stars FROM github_stars WHERE action = 'created' GROUP BY repository ORDER BY stars DESC;
-- events by day and type
SELECT dt, event, count(*) AS events FROM github_events WHERE dt BETWEEN '2026-11-20' AND '2026-11-22' GROUP BY dt, event ORDER BY 1, 3 DESC;
-- distinct people who starred
SELECT count(DISTINCT sender) AS people FROM github_stars WHERE action = 'created';
-- about how many visitors
SELECT approx_distinct(visitor) AS visitors FROM web_events WHERE NOT is_bot;
-- requests by status class
SELECT http_status / 100 AS class, count(*) AS requests, sum(bytes_sent) AS bytes FROM s3_access_requests GROUP BY 1 ORDER BY 1;
-- keep groups of some size
SELECT keyword, count(*) AS checks FROM rank_tracker_positions GROUP BY keyword HAVING count(*) > 2 ORDER BY checks DESC;
-- several counts with conditions
SELECT repository, count(*) AS all_events, count_if(action = 'opened') AS opened, count_if(action = 'closed') AS closed FROM github_issues GROUP BY repository;
-- counts with FILTER
SELECT sum(reach) FILTER (WHERE sentiment = 'positive') AS positive, sum(reach) FILTER (WHERE sentiment = 'negative') AS negative FROM meltwater_mentions;
-- mentions by country, unknown ones too
SELECT coalesce(country_code, 'unknown') AS country, count(*) AS mentions, sum(reach) AS reach FROM meltwater_mentions GROUP BY 1 ORDER BY reach DESC NULLS LAST;
-- smallest and largest
SELECT min(amount) AS smallest, max(amount) AS largest, sum(amount) AS total FROM salesforce_opportunities WHERE NOT is_deleted;
-- any value of a group
SELECT channel_id, any_value(title) AS title, max(subscribers) AS subscribers FROM youtube_channels GROUP BY channel_id;
-- are all of them true
SELECT account_id, bool_and(verified) AS always, bool_or(verified) AS ever FROM x_accounts GROUP BY account_id;
-- group by an expression
SELECT lower(trim(status)) AS status, count(*) AS leads FROM salesforce_leads GROUP BY lower(trim(status)) ORDER BY leads DESC;
-- rows that conflict
SELECT dt, count(*) AS conflicts FROM product_events WHERE id_conflict GROUP BY dt;
-- spread of times
SELECT stddev(total_time_ms) AS deviation, variance(total_time_ms) AS variance, avg(total_time_ms) AS mean FROM s3_access_requests;
