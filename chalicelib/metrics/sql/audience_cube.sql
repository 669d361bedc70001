-- Purpose: who follows the company on LinkedIn, X and YouTube, and what is there to see, by 15 minutes.
-- Inputs:  linkedin_followers, x_accounts, youtube_channels.
-- Grain:   bucket_start, network, account.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- Gauges: the last look in the bucket that told the number. What a network does not tell, or hides, is null;
-- contradictions (id_conflict) are left out. Accounts are named by the networks' ids, which stay when names change.
WITH looks AS (
    SELECT
        observed_at, window_start, 'linkedin' AS network, organisation AS account, followers,
        CAST(NULL AS bigint) AS posts, CAST(NULL AS bigint) AS views, CAST(NULL AS bigint) AS videos
    FROM linkedin_followers
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND NOT id_conflict
    UNION ALL
    SELECT observed_at, window_start, 'x', account_id, followers, posts, CAST(NULL AS bigint), CAST(NULL AS bigint)
    FROM x_accounts
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND NOT id_conflict
    UNION ALL
    SELECT observed_at, window_start, 'youtube', channel_id, subscribers, CAST(NULL AS bigint), views, videos
    FROM youtube_channels
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND NOT id_conflict
),
in_order AS (
    SELECT
        date_add('minute', 0 - minute(observed_at) % 15, date_trunc('minute', observed_at)) AS quarter_hour,
        network, account, followers, posts, views, videos,
        ROW_NUMBER() OVER (PARTITION BY network, account ORDER BY observed_at, window_start) AS nth
    FROM looks
)
SELECT
    quarter_hour AS bucket_start,
    network,
    account,
    max_by(followers, nth) FILTER (WHERE followers IS NOT NULL) AS followers,
    max_by(posts, nth) FILTER (WHERE posts IS NOT NULL) AS posts,
    max_by(views, nth) FILTER (WHERE views IS NOT NULL) AS views,
    max_by(videos, nth) FILTER (WHERE videos IS NOT NULL) AS videos
FROM in_order
GROUP BY quarter_hour, network, account
