-- Purpose: Followers won and lost by day, as the networks count them: LinkedIn's organisations and YouTube's
--          channels.
-- Grain:   one row a network, account and day.
-- Inputs:  linkedin_follower_days, youtube_channel_days
-- Hidden:  contradictions (id_conflict). X tells none: take the differences of v_followers. Gains do not add up to
--          the followers: LinkedIn tells no losses.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT date_trunc('week', day) AS week, network, sum(gained) AS gained FROM v_follower_gains WHERE day
--          >= DATE '2026-10-01' GROUP BY 1, 2
--
-- Columns:
--   day             date    The network's day: UTC of LinkedIn, California's of YouTube; filter by it
--   network         string  linkedin or youtube
--   account_id      string  LinkedIn's URN of the organisation, YouTube's id of the channel
--   gained          bigint  [count] Followers won, organic and paid together
--   organic_gained  bigint  [count] Followers won without advertising; null of YouTube
--   paid_gained     bigint  [count] Followers won by advertising; null of YouTube
--   lost            bigint  [count] Followers lost; null of LinkedIn
SELECT
    CAST(dt AS date) AS day,
    'linkedin' AS network,
    organisation AS account_id,
    organic_gain + paid_gain AS gained,
    organic_gain AS organic_gained,
    paid_gain AS paid_gained,
    CAST(NULL AS bigint) AS lost
FROM linkedin_follower_days
WHERE NOT id_conflict
UNION ALL
SELECT
    CAST(dt AS date) AS day,
    'youtube' AS network,
    channel_id AS account_id,
    subscribers_gained AS gained,
    CAST(NULL AS bigint) AS organic_gained,
    CAST(NULL AS bigint) AS paid_gained,
    subscribers_lost AS lost
FROM youtube_channel_days
WHERE NOT id_conflict
