-- by source, by country, and all
SELECT lead_source, country, count(*) AS leads FROM salesforce_leads GROUP BY GROUPING SETS ((lead_source), (country), ());
-- rollup of repository and action
SELECT repository, action, count(*) AS events FROM github_events GROUP BY ROLLUP (repository, action) ORDER BY 1, 2;
-- cube of device and browser
SELECT device, browser, count(DISTINCT visitor) AS visitors FROM web_events GROUP BY CUBE (device, browser);
-- which level a row is of
SELECT product, version, grouping(product, version) AS level, sum(downloads) AS downloads FROM downloads_cube_day GROUP BY ROLLUP (product, version);
-- totals beside parts
SELECT coalesce(status, 'all') AS status, count(*) AS opportunities, sum(amount) AS amount FROM salesforce_opportunities GROUP BY GROUPING SETS ((status), ());
-- months and the year
SELECT year(day) AS year, month(day) AS month, sum(views) AS views FROM youtube_channel_days GROUP BY ROLLUP (year(day), month(day));
