-- Purpose: Where the company's pages and its competitors' stand among the results of search engines, by day.
-- Grain:   one row a page, keyword, search engine and UTC day on which it was checked: the last check of the day.
-- Inputs:  rank_tracker_positions
-- Hidden:  the other checks of the day, contradictions (id_conflict). A day without a check has no row.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT day, keyword, min(position) AS best FROM v_rankings WHERE day >= DATE '2026-11-01' AND brand =
--          'Acme' GROUP BY day, keyword
--
-- Columns:
--   day             date           UTC day of the check; filter by it
--   brand           string         Its brand, as configured; null where none is: it takes no part in shares
--   url             string         The tracked page or site
--   keyword         string         What was searched for
--   engine          string         The search engine, as the rank tracker names it; null where it does not
--   position        bigint         [place] Its place, 1 is the first; null where it was not among the results that
--                                  are looked at
--   keyword_weight  decimal(38,9)  [weight] What the keyword weighs in shares, as configured then
--   click_rate      decimal(38,9)  [share of searches, 0 to 1] The share of searches that click on this place, by the
--                                  click curve configured then
--   checked_at      timestamp      When the rank tracker looked; midnight UTC where it names the day only
SELECT
    CAST(dt AS date) AS day,
    brand,
    url,
    keyword,
    engine,
    position,
    keyword_weight,
    click_rate,
    checked_at
FROM (
    SELECT
        dt, brand, url, keyword, engine, position, keyword_weight, click_rate, checked_at,
        ROW_NUMBER() OVER (PARTITION BY dt, url, keyword, engine ORDER BY checked_at DESC) AS nth
    FROM rank_tracker_positions
    WHERE NOT id_conflict
) AS checks
WHERE nth = 1
