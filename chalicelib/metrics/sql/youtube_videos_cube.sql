-- Purpose: views, likes and comments of YouTube's videos so far, by 15 minutes.
-- Inputs:  youtube_videos.
-- Grain:   bucket_start, channel, video.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- Gauges: the last look in the bucket that told the number; hidden likes and closed comments are null. Contradictions
-- (id_conflict) are left out.
WITH in_order AS (
    SELECT
        date_add('minute', 0 - minute(observed_at) % 15, date_trunc('minute', observed_at)) AS quarter_hour,
        channel_id, video_id, views, likes, comments,
        ROW_NUMBER() OVER (PARTITION BY channel_id, video_id ORDER BY observed_at, window_start) AS nth
    FROM youtube_videos
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND NOT id_conflict
)
SELECT
    quarter_hour AS bucket_start,
    channel_id AS channel,
    video_id AS video,
    max_by(views, nth) FILTER (WHERE views IS NOT NULL) AS views,
    max_by(likes, nth) FILTER (WHERE likes IS NOT NULL) AS likes,
    max_by(comments, nth) FILTER (WHERE comments IS NOT NULL) AS comments
FROM in_order
GROUP BY quarter_hour, channel_id, video_id
