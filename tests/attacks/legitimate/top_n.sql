-- ten most read pages
SELECT path, count(*) AS views FROM web_events WHERE kind = 'page_view' GROUP BY path ORDER BY views DESC, path LIMIT 10;
-- second page of a list
SELECT key_decoded, count(*) AS requests FROM s3_access_requests GROUP BY key_decoded ORDER BY requests DESC, key_decoded OFFSET 2 LIMIT 3;
-- three contributors of each repository
WITH counted AS (SELECT repository, sender, count(*) AS pushes FROM github_pushes GROUP BY repository, sender),
ranked AS (SELECT repository, sender, pushes, row_number() OVER (PARTITION BY repository ORDER BY pushes DESC, sender) AS place FROM counted)
SELECT repository, sender, pushes FROM ranked WHERE place <= 3 ORDER BY repository, place;
-- best keyword of each brand
SELECT brand, min_by(keyword, position) AS keyword, min(position) AS position FROM rank_tracker_positions GROUP BY brand;
-- fetch first
SELECT document_id, reach FROM meltwater_mentions ORDER BY reach DESC NULLS LAST LIMIT 5;
-- largest opportunity of each owner
SELECT owner_id, max_by(record_id, amount) AS record_id, max(amount) AS amount FROM salesforce_opportunities GROUP BY owner_id;
-- the day with the most of each
SELECT product, max_by(date(bucket_start), downloads) AS best_day, max(downloads) AS downloads FROM downloads_cube_day GROUP BY product;
-- nulls first
SELECT record_id, converted_on FROM salesforce_leads ORDER BY converted_on DESC NULLS FIRST LIMIT 10;
-- above the average
SELECT video_id, views FROM youtube_videos WHERE views > (SELECT avg(views) FROM youtube_videos) ORDER BY views DESC;
-- a sample by hash of the name
SELECT count(*) AS events FROM product_events WHERE length(user_id) % 2 = 0;
