-- titles with a word
SELECT url, title FROM meltwater_mentions WHERE lower(title) LIKE '%title%' LIMIT 20;
-- titles by pattern
SELECT count(*) AS mentions FROM meltwater_mentions WHERE regexp_like(title, '(?i)^title-[0-3]');
-- a part of a text by pattern
SELECT regexp_extract(version, '^(\d+)\.(\d+)', 1) AS major, count(*) AS rows FROM downloads_cube GROUP BY 1;
-- replace by pattern
SELECT regexp_replace(path, '/[0-9]+', '/:id') AS route, count(*) AS views FROM web_events GROUP BY 1;
-- prerelease versions
SELECT version, version LIKE '%-rc%' AS is_candidate FROM downloads_cube_day GROUP BY version;
-- the domain of a referrer
SELECT url_extract_host(referrer) AS host, count(*) AS views FROM web_events WHERE referrer <> '' GROUP BY 1;
-- a parameter of an address
SELECT url_extract_parameter(referrer, 'q') AS searched, count(*) AS views FROM web_events GROUP BY 1;
-- owner and name of a repository
SELECT split_part(repository, '/', 1) AS owner, split_part(repository, '/', 2) AS name, max(stars) AS stars FROM github_repository_stats GROUP BY 1, 2;
-- shorten and pad
SELECT rpad(substr(title, 1, 10), 12, '.') AS short, length(title) AS letters FROM youtube_videos LIMIT 5;
-- join texts
SELECT username || ' (' || CAST(followers AS varchar) || ')' AS label FROM x_accounts LIMIT 5;
-- concat with null
SELECT coalesce(concat(country, '/', industry), 'unknown') AS label, count(*) AS leads FROM salesforce_leads GROUP BY 1;
-- percent and underscore as they are
SELECT count(*) AS pages FROM web_events WHERE path LIKE '%\_%' ESCAPE '\';
-- words counted
SELECT word, count(*) AS times FROM meltwater_mentions CROSS JOIN UNNEST(split(lower(title), '-')) AS t(word) GROUP BY word ORDER BY times DESC LIMIT 10;
-- quotes in a text
SELECT 'it''s' AS apostrophe, "title" AS "a title" FROM youtube_channels LIMIT 1;
-- reverse, position, replace
SELECT strpos(url, '://') AS at, replace(url, 'https://', '') AS bare FROM meltwater_mentions LIMIT 5;
-- list of names in one cell
SELECT repository, listagg(tag_name, ', ') WITHIN GROUP (ORDER BY published_at) AS tags FROM github_releases GROUP BY repository;
-- letters outside of ASCII
SELECT 'Zürich – 東京' AS places, upper('straße') AS upper_case WHERE 'ä' < 'z' OR true;
-- comments in a query
SELECT /* the name */ name, followers -- how many
FROM x_accounts
LIMIT 3;
