-- lead to won, by source
SELECT lead_source, count(*) AS leads, count_if(is_converted) AS converted, 100.0E0 * count_if(is_converted) / nullif(count(*), 0) AS percent FROM salesforce_leads WHERE NOT is_deleted GROUP BY lead_source ORDER BY leads DESC;
-- three steps of a product, by user
WITH steps AS (
    SELECT user_id,
        min(CASE WHEN event = 'signup' THEN occurred_at END) AS signed_up,
        min(CASE WHEN event = 'activated' THEN occurred_at END) AS activated,
        min(CASE WHEN event = 'purchase' THEN occurred_at END) AS purchased
    FROM product_events
    GROUP BY user_id
)
SELECT count(signed_up) AS signed_up,
    count_if(activated >= signed_up) AS activated,
    count_if(activated >= signed_up AND purchased >= activated) AS purchased
FROM steps;
-- steps in order, at most a day apart
WITH ordered AS (
    SELECT distinct_id, event, happened_at,
        lead(event) OVER (PARTITION BY distinct_id ORDER BY happened_at) AS next_event,
        lead(happened_at) OVER (PARTITION BY distinct_id ORDER BY happened_at) AS next_at
    FROM mixpanel_events
)
SELECT event, next_event, count(*) AS times
FROM ordered
WHERE next_at <= happened_at + INTERVAL '1' DAY
GROUP BY event, next_event
ORDER BY times DESC
LIMIT 20;
-- from page to click to form
SELECT path,
    count(DISTINCT CASE WHEN kind = 'page_view' THEN view_id END) AS views,
    count(DISTINCT CASE WHEN kind = 'click' THEN view_id END) AS clicks,
    count(DISTINCT CASE WHEN kind = 'form_submit' THEN view_id END) AS forms
FROM web_events
GROUP BY path;
-- changes of stage
SELECT from_step, to_step, count(*) AS changes FROM salesforce_stage_changes WHERE object = 'Opportunity' GROUP BY from_step, to_step ORDER BY changes DESC;
-- how long until it was won
WITH won AS (SELECT record_id, min(changed_at) AS won_at FROM salesforce_stage_changes WHERE to_status = 'Won' GROUP BY record_id)
SELECT o.type, avg(date_diff('day', o.created_at, w.won_at)) AS days
FROM salesforce_opportunities o
JOIN won w ON w.record_id = o.record_id
GROUP BY o.type;
-- drop-off of each step
WITH counts AS (
    SELECT 1 AS step, 'signup' AS name, count(DISTINCT user_id) AS users FROM product_events WHERE event = 'signup'
    UNION ALL
    SELECT 2, 'activated', count(DISTINCT user_id) FROM product_events WHERE event = 'activated'
    UNION ALL
    SELECT 3, 'purchase', count(DISTINCT user_id) FROM product_events WHERE event = 'purchase'
)
SELECT step, name, users, users * 100e0 / nullif(first_value(users) OVER (ORDER BY step), 0) AS percent_of_first
FROM counts
ORDER BY step;
-- members who answered a campaign
SELECT campaign_id, count(*) AS members, count_if(has_responded) AS responded, min(first_responded_on) AS first_response FROM salesforce_campaign_members GROUP BY campaign_id;
-- pull requests from open to merge
SELECT repository, count(*) AS closed, count_if(merged) AS merged, avg(date_diff('hour', created_at, merged_at)) AS hours FROM github_pull_requests WHERE action = 'closed' GROUP BY repository;
