-- Arrays.
SELECT ARRAY[1, 2, 3]
SELECT ARRAY[1, NULL, 3]
SELECT ARRAY[1, 2, 3][1]
SELECT ARRAY[1, 2, 3][4]
SELECT ARRAY[1, 2, 3][0]
SELECT element_at(ARRAY[1, 2, 3], 4), element_at(ARRAY[1, 2, 3], -1)
SELECT cardinality(ARRAY[1, 2, 3]), cardinality(ARRAY[])
SELECT ARRAY[1, 2] || ARRAY[3], ARRAY[1, 2] || 3, 0 || ARRAY[1]
SELECT contains(ARRAY[1, 2], 2), contains(ARRAY[1, NULL], 2)
SELECT array_distinct(ARRAY[1, 2, 1, NULL, NULL])
SELECT array_sort(ARRAY[3, 1, NULL, 2])
SELECT array_sort(ARRAY[3, 1, 2], (a, b) -> IF(a < b, 1, IF(a = b, 0, -1)))
SELECT array_max(ARRAY[1, 3, 2]), array_min(ARRAY[1, NULL]), array_max(ARRAY[])
SELECT array_join(ARRAY[1, NULL, 3], ','), array_join(ARRAY[1, NULL, 3], ',', '?')
SELECT array_position(ARRAY[5, 6, 7], 6), array_position(ARRAY[5], 9)
SELECT array_remove(ARRAY[1, 2, 1], 1)
SELECT array_union(ARRAY[1, 2], ARRAY[2, 3]), array_intersect(ARRAY[1, 2], ARRAY[2, 3]), array_except(ARRAY[1, 2], ARRAY[2, 3])
SELECT arrays_overlap(ARRAY[1, 2], ARRAY[2, 3])
SELECT slice(ARRAY[1, 2, 3, 4], 2, 2), slice(ARRAY[1, 2, 3, 4], -2, 2)
SELECT reverse(ARRAY[1, 2, 3]), flatten(ARRAY[ARRAY[1], ARRAY[2, 3]])
SELECT repeat('a', 3), sequence(1, 5), sequence(5, 1, -2)
SELECT shuffle(ARRAY[1])
SELECT zip(ARRAY[1, 2], ARRAY['a', 'b'])
SELECT zip_with(ARRAY[1, 2], ARRAY[10, 20], (x, y) -> x + y)
SELECT array_frequency(ARRAY['a'])
SELECT combinations(ARRAY['a', 'b', 'c'], 2)
SELECT ngrams(ARRAY['a', 'b', 'c'], 2)
SELECT trim_array(ARRAY[1, 2, 3], 1)
SELECT ARRAY[1, 2] = ARRAY[1, 2], ARRAY[1, 2] < ARRAY[1, 3]
SELECT ARRAY['a', 'b,c', NULL]
-- Lambdas.
SELECT transform(ARRAY[1, 2, 3], x -> x * 2)
SELECT filter(ARRAY[1, 2, 3, 4], x -> x % 2 = 0)
SELECT reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s)
SELECT reduce(ARRAY[5, 20, 50], CAST(ROW(0.0, 0) AS ROW(sum DOUBLE, count INTEGER)), (s, x) -> CAST(ROW(x + s.sum, s.count + 1) AS ROW(sum DOUBLE, count INTEGER)), s -> IF(s.count = 0, NULL, s.sum / s.count))
SELECT any_match(ARRAY[1, 2], x -> x > 1), all_match(ARRAY[1, 2], x -> x > 1), none_match(ARRAY[1, 2], x -> x > 5)
SELECT transform(ARRAY['a', NULL], x -> coalesce(x, '?'))
SELECT filter(ARRAY[1, NULL, 3], x -> x IS NOT NULL)
SELECT transform(filter(ARRAY[1, 2, 3, 4], x -> x > 2), x -> x / 2)
-- Maps.
SELECT MAP(ARRAY['a'], ARRAY[1])
SELECT MAP(ARRAY['a', 'b'], ARRAY[1, 2])['b']
SELECT MAP(ARRAY['a'], ARRAY[1])['z']
SELECT element_at(MAP(ARRAY['a'], ARRAY[1]), 'z')
SELECT MAP(ARRAY['a', 'a'], ARRAY[1, 2])
SELECT cardinality(MAP(ARRAY['a'], ARRAY[1])), cardinality(MAP())
SELECT array_sort(map_keys(MAP(ARRAY['b', 'a'], ARRAY[1, 2]))), array_sort(map_values(MAP(ARRAY['b', 'a'], ARRAY[1, 2])))
SELECT map_entries(MAP(ARRAY['a'], ARRAY[1]))
SELECT map_from_entries(ARRAY[ROW('a', 1)])
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a'], ARRAY[2]))
SELECT map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v > 1)
SELECT transform_values(MAP(ARRAY['a'], ARRAY[1]), (k, v) -> v * 10)
SELECT transform_keys(MAP(ARRAY['a'], ARRAY[1]), (k, v) -> upper(k))
SELECT split_to_map('a=1', ',', '=')
SELECT MAP(ARRAY['a'], ARRAY[NULL])
SELECT map_agg(k, v) FROM (VALUES ('a', 1)) t (k, v)
-- Rows.
SELECT ROW(1, 'a')
SELECT CAST(ROW(1, 'a') AS ROW(n integer, s varchar)).s
SELECT CAST(ROW(1, 'a') AS ROW(n integer, s varchar))
SELECT r.n FROM (SELECT CAST(ROW(7) AS ROW(n integer)) AS r)
SELECT ROW(1, 2) = ROW(1, 2), ROW(1, NULL) IS NULL
SELECT (1, 2) IN ((1, 2), (3, 4))
-- Unnest.
SELECT * FROM UNNEST(ARRAY[10, 20]) WITH ORDINALITY AS t (x, n) ORDER BY n
SELECT * FROM UNNEST(ARRAY[1, 2], ARRAY['a']) AS t (x, y) ORDER BY x
SELECT k, v FROM UNNEST(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) AS t (k, v) ORDER BY k
SELECT n, x FROM (VALUES (1, ARRAY[10, 20]), (2, ARRAY[])) AS t (n, a) CROSS JOIN UNNEST(a) AS u (x) ORDER BY n, x
SELECT n, x FROM (VALUES (1, ARRAY[10]), (2, ARRAY[])) AS t (n, a) LEFT JOIN UNNEST(a) AS u (x) ON TRUE ORDER BY n
SELECT x, y FROM UNNEST(ARRAY[ROW(1, 'a'), ROW(2, 'b')]) AS t (x, y) ORDER BY x
SELECT sum(x) FROM UNNEST(sequence(1, 100)) AS t (x)
-- JSON.
SELECT json_extract_scalar('{"a": {"b": 7}}', '$.a.b')
SELECT json_extract_scalar('{"a": [1, 2]}', '$.a[1]'), json_extract_scalar('{"a": [1, 2]}', '$.a')
SELECT json_extract('{"a": {"b": [1, 2]}}', '$.a')
SELECT json_extract('{"a": "x"}', '$.a'), json_extract_scalar('{"a": null}', '$.a')
SELECT json_extract_scalar('not json', '$.a')
SELECT json_extract_scalar('{"a b": 1}', '$["a b"]')
SELECT json_array_length('[1, 2, 3]'), json_array_get('["a", "b"]', 1)
SELECT json_array_length('[1, 2, 3]'), json_array_length(JSON '[]')
SELECT json_array_length('{"a": [1]}'), json_array_length('3'), json_array_length('no JSON')
SELECT json_array_length(CAST(NULL AS varchar)), json_array_length('[[1, 2], []]')
SELECT json_array_contains('[1, 2]', 2)
SELECT json_size('{"a": [1, 2]}', '$.a')
SELECT CAST('abc' AS json), CAST(1 AS json), CAST(true AS json), CAST(ARRAY[1, NULL] AS json)
SELECT CAST(JSON '[1, 2]' AS array(integer))
SELECT CAST(JSON '{"a": 1}' AS map(varchar, integer))
SELECT CAST(JSON '"x"' AS varchar), CAST(JSON '1.5' AS double), CAST(JSON 'null' AS integer)
SELECT json_parse('{"b": 2, "a": 1}'), json_format(json_parse('[1,  2]'))
SELECT json_parse('nope')
SELECT is_json_scalar('1'), is_json_scalar('[1]')
SELECT CAST(MAP(ARRAY['a'], ARRAY[1]) AS json), CAST(ROW(1, 'x') AS json)
