-- users who came back the next day
WITH days AS (SELECT DISTINCT user_id, date(occurred_at) AS day FROM product_events WHERE user_id IS NOT NULL)
SELECT a.day, count(*) AS users, count(b.user_id) AS came_back
FROM days a
LEFT JOIN days b ON b.user_id = a.user_id AND b.day = date_add('day', 1, a.day)
GROUP BY a.day
ORDER BY a.day;
-- cohorts by week of the first event
WITH firsts AS (SELECT user_id, min(date_trunc('week', occurred_at)) AS cohort FROM product_events GROUP BY user_id),
activity AS (SELECT DISTINCT user_id, date_trunc('week', occurred_at) AS week FROM product_events)
SELECT f.cohort, date_diff('week', f.cohort, a.week) AS weeks_after, count(DISTINCT a.user_id) AS users
FROM firsts f
JOIN activity a ON a.user_id = f.user_id
GROUP BY f.cohort, date_diff('week', f.cohort, a.week)
ORDER BY 1, 2;
-- retention as a share of the cohort
WITH firsts AS (SELECT distinct_id, min(date(happened_at)) AS first_day FROM mixpanel_events GROUP BY distinct_id),
sizes AS (SELECT first_day, count(*) AS size FROM firsts GROUP BY first_day),
kept AS (
    SELECT f.first_day, date_diff('day', f.first_day, date(e.happened_at)) AS day_number, count(DISTINCT e.distinct_id) AS users
    FROM mixpanel_events e
    JOIN firsts f ON f.distinct_id = e.distinct_id
    GROUP BY 1, 2
)
SELECT k.first_day, k.day_number, k.users, CAST(k.users AS double) / s.size AS share
FROM kept k
JOIN sizes s ON s.first_day = k.first_day
WHERE k.day_number <= 30
ORDER BY k.first_day, k.day_number;
-- visitors of two days
SELECT visitor FROM web_events WHERE dt = '2026-11-20' INTERSECT SELECT visitor FROM web_events WHERE dt = '2026-11-21';
-- visitors who did not come again
SELECT visitor FROM web_events WHERE dt = '2026-11-20' EXCEPT SELECT visitor FROM web_events WHERE dt = '2026-11-21';
-- new and returning
SELECT date(occurred_at) AS day, CASE WHEN first_seen_on = date(occurred_at) THEN 'new' ELSE 'returning' END AS kind, count(DISTINCT visitor) AS visitors FROM web_events GROUP BY 1, 2 ORDER BY 1, 2;
-- days since the last event, by account
SELECT account_id, max(occurred_at) AS last_seen, date_diff('day', max(occurred_at), TIMESTAMP '2026-11-30 00:00:00') AS days_silent FROM product_events GROUP BY account_id;
-- cohort of leads by month and what became of them
SELECT date_trunc('month', created_at) AS month, count(*) AS leads, count_if(is_converted) AS converted FROM salesforce_leads GROUP BY date_trunc('month', created_at) ORDER BY 1;
-- active days of a user
SELECT user_id, count(DISTINCT dt) AS active_days FROM product_events GROUP BY user_id HAVING count(DISTINCT dt) >= 2;
-- stars given and taken back by the same person
SELECT a.sender, a.repository FROM github_stars a WHERE a.action = 'created' AND EXISTS (SELECT 1 FROM github_stars b WHERE b.sender = a.sender AND b.repository = a.repository AND b.action = 'deleted');
