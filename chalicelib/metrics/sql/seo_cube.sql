-- Purpose: where each brand stands in search, and the clicks that it can expect, by day.
-- Inputs:  rank_tracker_shares, rank_tracker_positions (source rank_tracker_positions).
-- Grain:   bucket_start (the start of the UTC day), brand.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- Of several checks of a page, keyword and engine the last of the day counts, as in v_rankings; a keyword that is not
-- among the results has no position and is in no sum. Pages of no configured brand are of the brand null, which can
-- expect no clicks. Contradictions (id_conflict) are left out.
WITH checks AS (
    SELECT
        dt, brand, position,
        ROW_NUMBER() OVER (PARTITION BY dt, url, keyword, engine ORDER BY checked_at DESC) AS nth
    FROM rank_tracker_positions
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND NOT id_conflict
),
told AS (
    SELECT
        dt, brand, clicks, ranked_keywords, tracked_keywords, CAST(NULL AS bigint) AS first_page_keywords,
        0 AS position_sum, 0 AS positions
    FROM rank_tracker_shares
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND NOT id_conflict
    UNION ALL
    SELECT
        dt, brand, CAST(0 AS decimal(38, 9)), NULL, NULL, CASE WHEN position <= 10 THEN 1 ELSE 0 END,
        COALESCE(position, 0), CASE WHEN position IS NULL THEN 0 ELSE 1 END
    FROM checks
    WHERE nth = 1
)
SELECT
    CAST(CAST(dt AS date) AS timestamp) AS bucket_start,
    brand,
    sum(clicks) AS clicks,
    sum(ranked_keywords) AS ranked_keywords,
    sum(tracked_keywords) AS tracked_keywords,
    sum(first_page_keywords) AS first_page_keywords,
    sum(position_sum) AS position_sum,
    sum(positions) AS positions
FROM told
GROUP BY dt, brand
