-- Title:   Followers over time across networks
-- Purpose: How many followers the company has on each network, by day.
-- Answer:  one row a day and network, all accounts together; a day on which an account was not looked at lacks it.
--
-- Parameters:
--   first_day  date  [2026-11-01] First day of the period, UTC
--   last_day   date  [2026-11-30] Last day of the period, inclusive
SELECT
    day,
    network,
    COUNT(*) AS accounts,
    SUM(followers) AS followers
FROM v_followers
WHERE day BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY day, network
ORDER BY day, network
