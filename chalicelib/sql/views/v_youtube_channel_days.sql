-- Purpose: What each channel's day came to on YouTube: views, watch time, subscribers, as YouTube said last.
-- Grain:   one row a channel and day of California.
-- Inputs:  youtube_channel_days
-- Hidden:  contradictions (id_conflict). YouTube restates some days; what it said before is not kept.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT day, sum(views) AS views, sum(watch_time_minutes) AS minutes FROM v_youtube_channel_days WHERE
--          day >= DATE '2026-11-01' GROUP BY day
--
-- Columns:
--   day                            date       The day in California (America/Los_Angeles), which is YouTube's; filter
--                                             by it
--   channel_id                     string     YouTube's id of the channel
--   views                          bigint     [count] Views; YouTube takes views back later, even below zero
--   watch_time_minutes             double     [minutes] Minutes watched, as YouTube estimates them
--   average_view_duration_seconds  double     [seconds] Average seconds watched of a view
--   average_view_percentage        double     [percent, 0 to 100] Average share of a video watched of a view, 0 to
--                                             100
--   subscribers_gained             bigint     [count] Subscribers won
--   subscribers_lost               bigint     [count] Subscribers lost
--   likes                          bigint     [count] Likes given, less those taken back
--   comments                       bigint     [count] Comments written
--   shares                         bigint     [count] Uses of the share button
--   answered_at                    timestamp  When YouTube said so; it has restated the day until then
SELECT
    CAST(dt AS date) AS day,
    channel_id,
    views,
    watch_time_minutes,
    average_view_duration_s AS average_view_duration_seconds,
    average_view_percentage,
    subscribers_gained,
    subscribers_lost,
    likes,
    comments,
    shares,
    answered_at
FROM youtube_channel_days
WHERE NOT id_conflict
