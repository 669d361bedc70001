-- Purpose: Downloads of products by day, each download once however many requests it took; bots apart.
-- Grain:   one row a UTC day, product and version.
-- Inputs:  downloads_cube
-- Hidden:  requests that are no downloads, parts of one download, the quarter hours of the cube. Bots have columns of
--          their own, so that nobody counts them by mistake.
-- Filter:  by day. The cube is small, a file a month: all of it is read.
-- Example: SELECT version, sum(downloads) AS downloads FROM v_downloads WHERE day >= DATE '2026-11-01' GROUP BY
--          version ORDER BY downloads DESC
--
-- Columns:
--   day                 date    UTC day of the download's first request
--   product             string  The product, by the configured pattern of object keys; may be null
--   version             string  Its version, by the configured pattern
--   downloads           bigint  [count] Downloads by people
--   download_bytes      bigint  [bytes] Bytes sent to people, on the day on which they were sent
--   bot_downloads       bigint  [count] Downloads by known bots
--   bot_download_bytes  bigint  [bytes] Bytes sent to known bots, on the day on which they were sent
SELECT
    CAST(bucket_start AS date) AS day,
    product,
    version,
    SUM(CASE WHEN is_bot THEN 0 ELSE downloads END) AS downloads,
    SUM(CASE WHEN is_bot THEN 0 ELSE download_bytes END) AS download_bytes,
    SUM(CASE WHEN is_bot THEN downloads ELSE 0 END) AS bot_downloads,
    SUM(CASE WHEN is_bot THEN download_bytes ELSE 0 END) AS bot_download_bytes
FROM downloads_cube
GROUP BY CAST(bucket_start AS date), product, version
