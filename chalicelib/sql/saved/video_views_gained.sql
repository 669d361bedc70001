-- Title:   Views that videos gained
-- Purpose: How many views each video gained over a period: the last count of it less the first.
-- Answer:  one row a video, the fifty that gained most.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    video_id,
    MAX_BY(title, observed_at) AS title,
    MAX_BY(views, observed_at) - MIN_BY(views, observed_at) AS gained,
    MAX_BY(views, observed_at) AS views
FROM v_youtube_videos
WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY video_id
ORDER BY gained DESC, video_id
LIMIT 50
