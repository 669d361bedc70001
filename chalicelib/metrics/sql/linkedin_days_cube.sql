-- Purpose: followers that each organisation won on LinkedIn, by day.
-- Inputs:  linkedin_follower_days.
-- Grain:   bucket_start (the start of the UTC day), account.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- LinkedIn tells days of UTC and nothing shorter, gains and no losses. Contradictions (id_conflict) are left out.
WITH days AS (
    SELECT CAST(day AS timestamp) AS begins_at, organisation, organic_gain, paid_gain
    FROM linkedin_follower_days
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND NOT id_conflict
)
SELECT
    begins_at AS bucket_start,
    organisation AS account,
    COALESCE(sum(organic_gain), 0) + COALESCE(sum(paid_gain), 0) AS followers_gained,
    COALESCE(sum(organic_gain), 0) AS organic_gained,
    COALESCE(sum(paid_gain), 0) AS paid_gained
FROM days
GROUP BY begins_at, organisation
