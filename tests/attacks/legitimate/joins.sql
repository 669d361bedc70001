-- stars beside downloads by day
WITH stars AS (SELECT date(occurred_at) AS day, count_if(action = 'created') AS stars FROM github_stars GROUP BY 1),
downloads AS (SELECT date(bucket_start) AS day, sum(downloads) AS downloads FROM downloads_cube_day GROUP BY 1)
SELECT coalesce(s.day, d.day) AS day, s.stars, d.downloads
FROM stars s
FULL OUTER JOIN downloads d ON d.day = s.day
ORDER BY 1;
-- leads and their opportunities
SELECT l.record_id, l.lead_source, o.amount, o.currency FROM salesforce_leads l JOIN salesforce_opportunities o ON o.record_id = l.converted_opportunity_id WHERE l.is_converted;
-- campaigns and the leads in them
SELECT m.campaign_id, l.country, count(*) AS leads FROM salesforce_campaign_members m LEFT JOIN salesforce_leads l ON l.record_id = m.lead_id GROUP BY m.campaign_id, l.country;
-- videos and their channels
SELECT c.title AS channel, v.title AS video, max(v.views) AS views FROM youtube_videos v JOIN youtube_channels c ON c.channel_id = v.channel_id GROUP BY c.title, v.title ORDER BY views DESC LIMIT 10;
-- forks without a star
SELECT f.sender FROM github_forks f LEFT JOIN github_stars s ON s.sender = f.sender AND s.repository = f.repository WHERE s.event_id IS NULL;
-- releases and the downloads after them
SELECT r.tag_name, r.published_at, sum(d.downloads) AS downloads FROM github_releases r JOIN downloads_cube d ON d.version = ltrim(r.tag_name, 'v') AND d.bucket_start >= r.published_at GROUP BY r.tag_name, r.published_at;
-- assets of releases
SELECT r.repository, r.tag_name, a.name, a.download_count FROM github_releases r JOIN github_release_assets a USING (release_id) ORDER BY a.download_count DESC;
-- all audiences in one table
SELECT 'x' AS network, max(followers) AS followers FROM x_accounts UNION ALL SELECT 'linkedin', max(followers) FROM linkedin_followers UNION ALL SELECT 'youtube', max(subscribers) FROM youtube_channels;
-- campaigns of the site and signups
SELECT w.utm_campaign, count(DISTINCT w.visitor) AS visitors, count(DISTINCT p.user_id) AS users FROM web_events w LEFT JOIN product_events p ON p.anonymous_id = w.first_party_id AND p.event = 'signup' GROUP BY w.utm_campaign;
-- mentions on days with releases
SELECT date(m.published_at) AS day, count(*) AS mentions FROM meltwater_mentions m WHERE date(m.published_at) IN (SELECT date(published_at) FROM github_releases) GROUP BY 1;
-- what two tables say of a repository
SELECT s.repository, s.stars, c.stars_added FROM (SELECT repository, max(stars) AS stars FROM github_repository_stats GROUP BY repository) s JOIN (SELECT repository, sum(stars_added) AS stars_added FROM github_cube_day GROUP BY repository) c ON c.repository = s.repository;
-- three joins with aliases
SELECT o.record_id, h.to_step, l.country FROM salesforce_opportunities AS o INNER JOIN salesforce_stage_changes AS h ON h.record_id = o.record_id LEFT JOIN salesforce_leads AS l ON l.converted_opportunity_id = o.record_id WHERE o.is_closed;
-- ranks beside their shares
SELECT p.brand, p.keyword, min(p.position) AS best, max(s.share) AS share FROM rank_tracker_positions p JOIN rank_tracker_shares s ON s.brand = p.brand AND s.day_start = date_trunc('day', p.checked_at) GROUP BY p.brand, p.keyword;
-- a join with itself
SELECT a.search_id, b.search_id AS other, count(*) AS both FROM meltwater_mentions a JOIN meltwater_mentions b ON a.document_id = b.document_id AND a.search_id < b.search_id GROUP BY a.search_id, b.search_id;
