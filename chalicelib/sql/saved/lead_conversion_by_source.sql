-- Title:   Lead to opportunity conversion by source
-- Purpose: Of the leads that were made in a period, how many became opportunities and how many of those were won,
--          by where they came from.
-- Answer:  one row a source of leads; conversion is converted over leads, 0 to 1.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    COALESCE(leads.lead_source, 'unknown') AS source,
    COUNT(*) AS leads,
    COUNT(CASE WHEN leads.is_converted THEN 1 END) AS converted,
    COUNT(opportunities.opportunity_id) AS opportunities,
    COUNT(CASE WHEN opportunities.is_won THEN 1 END) AS won,
    CAST(COUNT(CASE WHEN leads.is_converted THEN 1 END) AS double) / COUNT(*) AS conversion
FROM v_leads AS leads
LEFT JOIN v_opportunities AS opportunities ON opportunities.opportunity_id = leads.opportunity_id
WHERE leads.created_on BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY COALESCE(leads.lead_source, 'unknown')
ORDER BY leads DESC, source
