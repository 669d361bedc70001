-- running total of downloads
SELECT bucket_start, product, sum(downloads) OVER (PARTITION BY product ORDER BY bucket_start) AS so_far FROM downloads_cube_day ORDER BY product, bucket_start;
-- seven days' moving average
SELECT bucket_start, avg(downloads) OVER (PARTITION BY product ORDER BY bucket_start ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS average FROM downloads_cube_day;
-- followers gained between observations
SELECT organisation, observed_at, followers, followers - lag(followers) OVER (PARTITION BY organisation ORDER BY observed_at) AS gained FROM linkedin_followers ORDER BY organisation, observed_at;
-- top three pages of each site
SELECT site, path, views FROM (
    SELECT site, path, views, row_number() OVER (PARTITION BY site ORDER BY views DESC) AS place
    FROM (SELECT site, path, count(*) AS views FROM web_events GROUP BY site, path) counted
) ranked
WHERE place <= 3;
-- rank with ties
SELECT brand, share, rank() OVER (ORDER BY share DESC) AS place, dense_rank() OVER (ORDER BY share DESC) AS dense FROM rank_tracker_shares;
-- quartiles of reach
SELECT document_id, reach, ntile(4) OVER (ORDER BY reach) AS quartile FROM meltwater_mentions WHERE reach IS NOT NULL;
-- share of the whole
SELECT repository, stars, stars * 100e0 / nullif(sum(stars) OVER (), 0) AS percent FROM (SELECT repository, max(stars) AS stars FROM github_repository_stats GROUP BY repository) t;
-- latest row of each
SELECT * FROM (SELECT s.*, row_number() OVER (PARTITION BY repository ORDER BY observed_at DESC) AS place FROM github_repository_stats s) t WHERE place = 1;
-- last value that is known
SELECT channel_id, observed_at, last_value(subscribers) IGNORE NULLS OVER (PARTITION BY channel_id ORDER BY observed_at) AS known FROM youtube_channels;
-- first and last of a window
SELECT video_id, observed_at, first_value(views) OVER (PARTITION BY video_id ORDER BY observed_at) AS first_views, last_value(views) OVER (PARTITION BY video_id ORDER BY observed_at ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_views FROM youtube_videos;
-- percent rank of durations
SELECT request_id, total_time_ms, percent_rank() OVER (ORDER BY total_time_ms) AS place, cume_dist() OVER (ORDER BY total_time_ms) AS distribution FROM s3_access_requests;
-- position before
SELECT keyword, url, checked_at, position, lag(position, 1) OVER (PARTITION BY keyword, url, engine ORDER BY checked_at) AS before FROM rank_tracker_positions;
-- running count of distinct days by user
SELECT user_id, dt, count(*) OVER (PARTITION BY user_id ORDER BY dt) AS active_days FROM (SELECT DISTINCT user_id, dt FROM product_events) t;
-- gaps of an hourly source
SELECT repository, observed_at, date_diff('minute', lag(observed_at) OVER (PARTITION BY repository ORDER BY observed_at), observed_at) AS minutes FROM github_repository_stats;
-- nth value
SELECT product, nth_value(version, 2) OVER (PARTITION BY product ORDER BY bucket_start ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second FROM downloads_cube;
