-- Purpose: what each day of a YouTube channel came to, as YouTube said last.
-- Inputs:  youtube_channel_days (source youtube_analytics).
-- Grain:   bucket_start (the instant at which the day begins in California), channel.
-- Parameters, named where they stand: first_day, last_day: dates, inclusive. California's day begins at 07:00 or 08:00
--          UTC, so it lies in the UTC day of the same date.
--
-- YouTube tells days of California (America/Los_Angeles) and nothing shorter. Contradictions (id_conflict) are left out.
WITH days AS (
    SELECT
        CAST(
            CAST(CAST(day AS varchar) || ' 00:00:00 America/Los_Angeles' AS timestamp with time zone) AT TIME ZONE 'UTC'
            AS timestamp
        ) AS begins_at,
        channel_id, views, watch_time_minutes, subscribers_gained, subscribers_lost, likes, comments, shares
    FROM youtube_channel_days
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND NOT id_conflict
)
SELECT
    begins_at AS bucket_start,
    channel_id AS channel,
    COALESCE(sum(views), 0) AS views,
    COALESCE(sum(CAST(round(watch_time_minutes * 60000) AS bigint)), 0) AS watch_time_ms,
    COALESCE(sum(subscribers_gained), 0) AS subscribers_gained,
    COALESCE(sum(subscribers_lost), 0) AS subscribers_lost,
    COALESCE(sum(subscribers_gained), 0) - COALESCE(sum(subscribers_lost), 0) AS subscribers_net,
    COALESCE(sum(likes), 0) AS likes,
    COALESCE(sum(comments), 0) AS comments,
    COALESCE(sum(shares), 0) AS shares
FROM days
GROUP BY begins_at, channel_id
