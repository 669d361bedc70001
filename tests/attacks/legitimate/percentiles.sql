-- median and 95th percentile of request times
SELECT approx_percentile(total_time_ms, 0.5) AS p50, approx_percentile(total_time_ms, 0.95) AS p95 FROM s3_access_requests;
-- percentiles by operation
SELECT operation, approx_percentile(total_time_ms, 0.99) AS p99, count(*) AS requests FROM s3_access_requests GROUP BY operation HAVING count(*) > 1;
-- percentiles of amounts
SELECT type, approx_percentile(CAST(amount AS double), 0.5) AS median, max(amount) AS largest FROM salesforce_opportunities GROUP BY type;
-- average and deviation of positions
SELECT engine, avg(position) AS mean, stddev_samp(position) AS deviation FROM rank_tracker_positions GROUP BY engine;
-- correlation of views and watch time
SELECT corr(views, watch_time_minutes) AS correlation, covar_pop(views, watch_time_minutes) AS covariance FROM youtube_channel_days;
-- slope of followers over time
SELECT account_id, regr_slope(CAST(followers AS double), to_unixtime(observed_at)) AS per_second FROM x_accounts GROUP BY account_id;
-- histogram by width
SELECT floor(bytes_sent / 100e0) * 100 AS bucket, count(*) AS requests FROM s3_access_requests WHERE bytes_sent IS NOT NULL GROUP BY 1 ORDER BY 1;
-- buckets by width_bucket
SELECT width_bucket(average_view_percentage, 0e0, 100e0, 10) AS bucket, count(*) AS days FROM youtube_channel_days WHERE average_view_percentage IS NOT NULL GROUP BY 1 ORDER BY 1;
-- geometric mean of reach
SELECT geometric_mean(reach) AS mean FROM meltwater_mentions WHERE reach > 0;
-- skewness of durations
SELECT skewness(duration_s) AS skewness FROM web_events;
