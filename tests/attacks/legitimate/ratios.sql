-- click rate without division by zero
SELECT brand, sum(clicks) AS clicks, CAST(sum(clicks) AS double) / nullif(CAST(sum(clicks_of_all) AS double), 0) AS rate FROM rank_tracker_shares GROUP BY brand;
-- share of bots
SELECT date(requested_at) AS day, 100e0 * count_if(is_bot) / count(*) AS percent FROM s3_access_requests GROUP BY 1 ORDER BY 1;
-- try of a division
SELECT organisation, TRY(sum(paid_gain) / sum(organic_gain)) AS ratio FROM linkedin_follower_days GROUP BY organisation;
-- win rate
SELECT type, count_if(is_won) * 1.0e0 / nullif(count_if(is_closed), 0) AS win_rate FROM salesforce_opportunities GROUP BY type;
-- likes per thousand views
SELECT video_id, round(1000e0 * max(likes) / nullif(max(views), 0), 2) AS per_thousand FROM youtube_videos GROUP BY video_id;
-- engagement rate
SELECT source_name, sum(engagement) * 1e0 / nullif(sum(reach), 0) AS rate FROM meltwater_mentions GROUP BY source_name ORDER BY rate DESC NULLS LAST;
-- weighted average
SELECT keyword, sum(CAST(keyword_weight AS double) * position) / nullif(sum(CAST(keyword_weight AS double)), 0) AS weighted FROM rank_tracker_positions GROUP BY keyword;
-- expected amount
SELECT sum(CAST(amount AS double) * probability / 100) AS expected FROM salesforce_opportunities WHERE NOT is_closed;
-- growth in percent
SELECT account_id, 100e0 * (max(followers) - min(followers)) / nullif(min(followers), 0) AS percent FROM x_accounts GROUP BY account_id;
-- complete of all downloads
SELECT product, sum(CASE WHEN is_complete THEN 1e0 ELSE 0e0 END) / count(*) AS complete FROM s3_access_requests WHERE is_download GROUP BY product;
-- net subscribers
SELECT channel_id, sum(subscribers_gained - subscribers_lost) AS net, sum(subscribers_gained) AS gained FROM youtube_channel_days GROUP BY channel_id;
