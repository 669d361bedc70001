-- Title:   Sources that are late
-- Purpose: The newest day of which each source has rows, the oldest first. A source may be well and have nothing to
--          tell: /v1/sources says which.
-- Answer:  one row a table; a table without any row since the day has null.
--
-- Parameters:
--   since  text  [2026-10-01] Look back to this day, YYYY-MM-DD
--   today  date  [2026-11-26] The day to count from
WITH newest_days AS (
    SELECT 'github_events' AS source, MAX(dt) AS newest FROM github_events WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'github_repository_stats', MAX(dt) FROM github_repository_stats WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'linkedin_follower_days', MAX(dt) FROM linkedin_follower_days WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'linkedin_follower_segments', MAX(dt) FROM linkedin_follower_segments WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'linkedin_followers', MAX(dt) FROM linkedin_followers WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'meltwater_mentions', MAX(dt) FROM meltwater_mentions WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'mixpanel_events', MAX(dt) FROM mixpanel_events WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'product_events', MAX(dt) FROM product_events WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'rank_tracker_positions', MAX(dt) FROM rank_tracker_positions WHERE dt >= ? /* since */
    UNION ALL
    SELECT 's3_access_requests', MAX(dt) FROM s3_access_requests WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'salesforce_leads', MAX(dt) FROM salesforce_leads WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'salesforce_opportunities', MAX(dt) FROM salesforce_opportunities WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'web_events', MAX(dt) FROM web_events WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'x_accounts', MAX(dt) FROM x_accounts WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'youtube_channel_days', MAX(dt) FROM youtube_channel_days WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'youtube_channels', MAX(dt) FROM youtube_channels WHERE dt >= ? /* since */
    UNION ALL
    SELECT 'youtube_videos', MAX(dt) FROM youtube_videos WHERE dt >= ? /* since */
)
SELECT
    source AS source_table,
    CAST(newest AS date) AS newest_day,
    date_diff('day', CAST(newest AS date), ? /* today */) AS days_ago
FROM newest_days
ORDER BY days_ago DESC NULLS FIRST, source_table
