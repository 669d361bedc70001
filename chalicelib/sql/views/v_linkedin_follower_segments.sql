-- Purpose: Who follows the company on LinkedIn: by seniority, function, industry, place and size of their company.
-- Grain:   one row an organisation, facet, segment and UTC day on which it was looked at: the last look of the day.
-- Inputs:  linkedin_follower_segments
-- Hidden:  the other looks of the day, contradictions (id_conflict). Segments of a facet do not add up to all
--          followers: LinkedIn names its hundred largest at most.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT segment, followers FROM v_linkedin_follower_segments WHERE day = DATE '2026-11-20' AND facet =
--          'seniority' ORDER BY followers DESC
--
-- Columns:
--   day          date       UTC day of the look; filter by it
--   account_id   string     The organisation's URN, urn:li:organization:…
--   facet        string     What the segments differ in: seniority, function, industry, geo, geo_country, …
--   segment      string     LinkedIn's name of the segment, a URN or a word; null where it names none
--   followers    bigint     [count] Followers in the segment
--   observed_at  timestamp  When LinkedIn answered
SELECT
    CAST(dt AS date) AS day,
    organisation AS account_id,
    facet,
    segment,
    organic_followers AS followers,
    observed_at
FROM (
    SELECT
        dt, organisation, facet, segment, organic_followers, observed_at,
        RANK() OVER (PARTITION BY dt, organisation ORDER BY window_start DESC) AS look
    FROM linkedin_follower_segments
    WHERE NOT id_conflict
) AS looks
WHERE look = 1
