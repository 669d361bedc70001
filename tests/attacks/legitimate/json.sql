-- a field of the properties
SELECT json_extract_scalar(properties, '$.plan') AS plan, count(*) AS events FROM product_events WHERE properties LIKE '{%' GROUP BY 1;
-- a number of the properties
SELECT sum(TRY_CAST(json_extract_scalar(properties, '$.amount') AS double)) AS amount FROM product_events WHERE properties LIKE '{%';
-- how many commits a push had
SELECT event_id, json_array_length(json_extract(payload, '$.commits')) AS commits FROM github_events WHERE event = 'push';
-- a nested field
SELECT json_extract_scalar(payload, '$.commits[0].id') AS first_commit FROM github_events LIMIT 5;
-- a custom field of Salesforce
SELECT json_extract_scalar(other_fields, '$.Region__c') AS region, sum(amount) AS amount FROM salesforce_opportunities GROUP BY 1;
-- a field with brackets
SELECT json_extract_scalar('{"a b": 7}', '$["a b"]') AS x;
-- where a field is there
SELECT count(*) AS tagged FROM mixpanel_events WHERE properties LIKE '{%' AND json_extract(properties, '$.tags') IS NOT NULL;
-- an array of JSON as an array
SELECT CAST(json_extract('{"tags": ["a", "b"]}', '$.tags') AS varchar) AS tags WHERE false;
-- JSON made of values
SELECT json_format(CAST(MAP(ARRAY['views', 'likes'], ARRAY[sum(views), sum(likes)]) AS json)) AS totals FROM youtube_channel_days;
-- what is no JSON
SELECT count_if(TRY(json_parse(properties)) IS NULL) AS unreadable, count(*) AS all_rows FROM web_events;
-- the size of an object
SELECT json_size('{"a": {"b": 1, "c": 2}}', '$.a') AS fields;
-- plan by user
SELECT user_id, max_by(json_extract_scalar(properties, '$.plan'), occurred_at) AS plan FROM product_events WHERE properties LIKE '{%' GROUP BY user_id;
