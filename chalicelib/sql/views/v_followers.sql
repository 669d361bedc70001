-- Purpose: How many followers the company has on each network: LinkedIn, X and YouTube in one shape.
-- Grain:   one row a network, account and UTC day on which it was looked at: the last look of the day.
-- Inputs:  linkedin_followers, x_accounts, youtube_channels
-- Hidden:  the other looks of the day, contradictions (id_conflict). A day without a look has no row: the past
--          cannot be asked for.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT day, network, sum(followers) AS followers FROM v_followers WHERE day >= DATE '2026-11-01' GROUP
--          BY day, network
--
-- Columns:
--   day           date       UTC day of the look; filter by it
--   network       string     linkedin, x or youtube
--   account_id    string     The network's id: LinkedIn's URN of the organisation, X's id of the account, YouTube's
--                            of the channel
--   account_name  string     The account's name then; null of LinkedIn, which tells none
--   followers     bigint     [count] Members, accounts or subscribers that follow; YouTube rounds above 1,000 to
--                            three digits, null where they are hidden
--   observed_at   timestamp  When the network answered
SELECT
    CAST(dt AS date) AS day,
    'linkedin' AS network,
    organisation AS account_id,
    CAST(NULL AS varchar) AS account_name,
    followers,
    observed_at
FROM (
    SELECT
        dt, organisation, followers, observed_at,
        ROW_NUMBER() OVER (PARTITION BY dt, organisation ORDER BY observed_at DESC, window_start DESC) AS nth
    FROM linkedin_followers
    WHERE NOT id_conflict
) AS linkedin
WHERE nth = 1
UNION ALL
SELECT
    CAST(dt AS date) AS day,
    'x' AS network,
    account_id,
    username AS account_name,
    followers,
    observed_at
FROM (
    SELECT
        dt, account_id, username, followers, observed_at,
        ROW_NUMBER() OVER (PARTITION BY dt, account_id ORDER BY observed_at DESC, window_start DESC) AS nth
    FROM x_accounts
    WHERE NOT id_conflict
) AS x
WHERE nth = 1
UNION ALL
SELECT
    CAST(dt AS date) AS day,
    'youtube' AS network,
    channel_id AS account_id,
    title AS account_name,
    subscribers AS followers,
    observed_at
FROM (
    SELECT
        dt, channel_id, title, subscribers, observed_at,
        ROW_NUMBER() OVER (PARTITION BY dt, channel_id ORDER BY observed_at DESC, window_start DESC) AS nth
    FROM youtube_channels
    WHERE NOT id_conflict
) AS youtube
WHERE nth = 1
