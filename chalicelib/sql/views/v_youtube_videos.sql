-- Purpose: Views, likes and comments of each video so far, as they stood at the end of each day.
-- Grain:   one row a video and UTC day on which it was looked at: the last look of the day.
-- Inputs:  youtube_videos
-- Hidden:  the other looks of the day (one an hour), contradictions (id_conflict). Counts are totals since
--          publication: a day's views are the difference to the day before.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT video_id, title, views FROM v_youtube_videos WHERE day = DATE '2026-11-20' ORDER BY views DESC
--          LIMIT 20
--
-- Columns:
--   day           date       UTC day of the look; filter by it
--   video_id      string     YouTube's id of the video
--   channel_id    string     YouTube's id of its channel
--   title         string     The video's title then
--   published_at  timestamp  When it was published
--   views         bigint     [count] Views so far
--   likes         bigint     [count] Likes so far; null where they are hidden
--   comments      bigint     [count] Comments so far; null where they are switched off
--   observed_at   timestamp  When YouTube answered
SELECT
    CAST(dt AS date) AS day,
    video_id,
    channel_id,
    title,
    published_at,
    views,
    likes,
    comments,
    observed_at
FROM (
    SELECT
        dt, video_id, channel_id, title, published_at, views, likes, comments, observed_at,
        ROW_NUMBER() OVER (PARTITION BY dt, video_id ORDER BY observed_at DESC, window_start DESC) AS nth
    FROM youtube_videos
    WHERE NOT id_conflict
) AS looks
WHERE nth = 1
