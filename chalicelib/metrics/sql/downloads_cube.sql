-- Purpose: downloads of products, once per download, by 15 minutes.
-- Inputs:  s3_access_requests (source s3_access_logs).
-- Grain:   bucket_start, product, version, is_bot.
-- Parameters, named where they stand: read_from (the day before first_day), first_day, last_day: UTC dates, inclusive.
--
-- A complete answer (status 200, all bytes sent) is a download of its own. Partial answers (206, or a 200 that broke
-- off) of the same object to the same client form a run as long as no gap is longer than an hour; a run is one
-- download, counted where it begins. Whether the first partial answer of a day begins a run, the day before tells.
WITH requests AS (
    SELECT
        dt,
        requested_at,
        product,
        version,
        is_bot,
        is_complete,
        bytes_sent,
        lag(requested_at) OVER (
            PARTITION BY is_complete, remote_ip, user_agent, key
            ORDER BY requested_at, request_id
        ) AS previous_at
    FROM s3_access_requests
    WHERE dt BETWEEN ? /* read_from */ AND ? /* last_day */
        AND is_download
),
counted AS (
    SELECT
        date_add('minute', 0 - minute(requested_at) % 15, date_trunc('minute', requested_at)) AS quarter_hour,
        product,
        version,
        is_bot,
        bytes_sent,
        CASE
            WHEN is_complete THEN 1
            WHEN previous_at IS NULL THEN 1
            WHEN requested_at > date_add('hour', 1, previous_at) THEN 1
            ELSE 0
        END AS downloads
    FROM requests
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
)
SELECT
    quarter_hour AS bucket_start,
    product,
    version,
    is_bot,
    sum(downloads) AS downloads,
    coalesce(sum(bytes_sent), 0) AS download_bytes
FROM counted
GROUP BY quarter_hour, product, version, is_bot
