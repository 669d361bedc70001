-- actions as columns
SELECT repository, sum(CASE WHEN action = 'opened' THEN 1 ELSE 0 END) AS opened, sum(CASE WHEN action = 'closed' THEN 1 ELSE 0 END) AS closed FROM github_issues GROUP BY repository;
-- networks as columns
SELECT day, max(CASE WHEN network = 'x' THEN followers END) AS x, max(CASE WHEN network = 'linkedin' THEN followers END) AS linkedin FROM (SELECT date(observed_at) AS day, 'x' AS network, followers FROM x_accounts UNION ALL SELECT date(observed_at), 'linkedin', followers FROM linkedin_followers) t GROUP BY day ORDER BY day;
-- sentiments as columns by source
SELECT source_type, count_if(sentiment = 'positive') AS positive, count_if(sentiment = 'neutral') AS neutral, count_if(sentiment = 'negative') AS negative FROM meltwater_mentions GROUP BY source_type;
-- columns as rows
SELECT repository, measure, value FROM github_cube_day CROSS JOIN UNNEST(ARRAY['stars', 'forks'], ARRAY[stars, forks]) AS t(measure, value);
-- weekdays as columns
SELECT path, count_if(day_of_week(occurred_at) = 1) AS monday, count_if(day_of_week(occurred_at) = 6) AS saturday, count_if(day_of_week(occurred_at) = 7) AS sunday FROM web_events GROUP BY path;
-- currencies as columns
SELECT is_won, sum(IF(currency = 'EUR', amount)) AS eur, sum(IF(currency = 'USD', amount)) AS usd FROM salesforce_opportunities GROUP BY is_won;
-- facets as columns
SELECT organisation, max(CASE WHEN facet = 'seniority' THEN organic_followers END) AS seniority, max(CASE WHEN facet = 'country' THEN organic_followers END) AS country FROM linkedin_follower_segments GROUP BY organisation;
