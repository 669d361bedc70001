-- Title:   Effect of releases on downloads
-- Purpose: Downloads by people in the seven days before each release and in the seven from its day on.
-- Answer:  one row a release that is no prerelease.
--
-- Parameters:
--   repository  text  [acme/app] The repository of the releases, owner/name
--   product     text  [app] The product whose downloads count
--   first_day   date  [2026-11-01] First day of the period, UTC
--   last_day    date  [2026-11-30] Last day of the period, inclusive
SELECT
    releases.tag_name,
    releases.published_on,
    COALESCE(SUM(CASE WHEN downloads.day < releases.published_on THEN downloads.downloads END), 0) AS week_before,
    COALESCE(SUM(CASE WHEN downloads.day >= releases.published_on THEN downloads.downloads END), 0) AS week_after
FROM v_github_releases AS releases
LEFT JOIN v_downloads AS downloads ON downloads.product = ? /* product */
    AND downloads.day >= date_add('day', -7, releases.published_on)
    AND downloads.day < date_add('day', 7, releases.published_on)
WHERE releases.repository = ? /* repository */
    AND NOT releases.prerelease
    AND releases.published_on BETWEEN ? /* first_day */ AND ? /* last_day */
GROUP BY releases.release_id, releases.tag_name, releases.published_on
ORDER BY published_on, tag_name, week_before
