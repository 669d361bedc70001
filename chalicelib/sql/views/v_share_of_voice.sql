-- Purpose: Share of voice in search: each brand's part of the clicks that all configured brands can expect, by day.
-- Grain:   one row a brand and UTC day.
-- Inputs:  rank_tracker_shares
-- Hidden:  contradictions (id_conflict). Over a longer time divide the sums of clicks; do not average shares.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT brand, sum(clicks) / sum(clicks_of_all) AS share FROM v_share_of_voice WHERE day >= DATE
--          '2026-11-01' GROUP BY brand
--
-- Columns:
--   day               date           The UTC day; filter by it
--   brand             string         The brand
--   clicks            decimal(38,9)  [expected clicks] Expected clicks: sum of weight x click rate of its keywords,
--                                    by the last check of the day
--   clicks_of_all     decimal(38,9)  [expected clicks] Expected clicks of all brands
--   share             decimal(38,9)  [share, 0 to 1] The part of all clicks; null where no brand can expect any
--   ranked_keywords   bigint         [count] Its keywords that are among the results
--   tracked_keywords  bigint         [count] Its keywords that were checked
SELECT
    CAST(dt AS date) AS day,
    brand,
    clicks,
    clicks_of_all,
    share,
    ranked_keywords,
    tracked_keywords
FROM rank_tracker_shares
WHERE NOT id_conflict
