-- keywords apart
SELECT trim(keyword) AS keyword, count(*) AS mentions FROM meltwater_mentions CROSS JOIN UNNEST(split(matched_keywords, ',')) AS t(keyword) GROUP BY 1 ORDER BY 2 DESC;
-- pages of a visitor as one text
SELECT visitor, array_join(array_agg(path ORDER BY occurred_at), ' > ') AS way FROM web_events GROUP BY visitor;
-- distinct values in an array
SELECT repository, array_distinct(array_agg(sender)) AS people FROM github_stars GROUP BY repository;
-- length of an array
SELECT user_id, cardinality(array_agg(event)) AS events FROM product_events GROUP BY user_id;
-- contains
SELECT count(*) AS events FROM product_events WHERE contains(ARRAY['signup', 'purchase'], event);
-- element of an array
SELECT element_at(split(path, '/'), 2) AS section, count(*) AS views FROM web_events GROUP BY 1;
-- split_part
SELECT split_part(version, '.', 1) AS major, sum(downloads) AS downloads FROM downloads_cube GROUP BY 1 ORDER BY 1;
-- transform and filter
SELECT filter(transform(ARRAY[1, 2, 3, 4], x -> x * x), y -> y > 4) AS squares;
-- reduce
SELECT reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s) AS total;
-- a map of counts
SELECT map_agg(action, n) AS counts FROM (SELECT action, count(*) AS n FROM github_issues WHERE action IS NOT NULL GROUP BY action) t;
-- a value of a map
SELECT element_at(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), 'b') AS b, element_at(MAP(ARRAY['a'], ARRAY[1]), 'c') AS nothing;
-- keys of a map
SELECT map_keys(MAP(ARRAY['x', 'y'], ARRAY[1, 2])) AS keys, map_values(MAP(ARRAY['x', 'y'], ARRAY[1, 2])) AS vals;
-- histogram
SELECT histogram(device) AS devices FROM web_events WHERE device IS NOT NULL;
-- with ordinality
SELECT n, part FROM UNNEST(ARRAY['a', 'b', 'c']) WITH ORDINALITY AS t(part, n);
-- two arrays side by side
SELECT x, y FROM UNNEST(ARRAY[1, 2], ARRAY['a', 'b']) AS t(x, y);
-- arrays that overlap
SELECT arrays_overlap(ARRAY['a', 'b'], ARRAY['b', 'c']) AS overlap, array_intersect(ARRAY[1, 2], ARRAY[2, 3]) AS both, array_except(ARRAY[1, 2], ARRAY[2]) AS rest;
-- sort and slice
SELECT slice(array_sort(ARRAY[3, 1, 2]), 1, 2) AS smallest, array_max(ARRAY[3, 1, 2]) AS largest;
-- any of an array
SELECT user_id FROM (SELECT user_id, array_agg(event) AS events FROM product_events GROUP BY user_id) t WHERE any_match(events, e -> e = 'purchase');
-- a row and its field
SELECT r.name, r.n FROM (SELECT CAST(ROW('a', 1) AS ROW(name varchar, n bigint)) AS r) t;
-- a map opened
SELECT k, v FROM UNNEST(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) AS t(k, v);
