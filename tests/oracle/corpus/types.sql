-- Comparisons that Trino refuses: a text is no number, no date and no truth.
SELECT 1 = '1'
SELECT '1' <> 1
SELECT 'a' < 1
SELECT 1e0 > 'a'
SELECT 1.5 >= '1'
SELECT true = 1
SELECT true < 'true'
SELECT DATE '2026-01-01' = '2026-01-01'
SELECT '2026-01-01' < DATE '2026-01-01'
SELECT TIMESTAMP '2026-01-01 00:00:00' < '2026-01-01'
SELECT DATE '2026-01-01' > 20260101
SELECT TIME '01:02:03' = TIMESTAMP '2026-01-01 01:02:03'
SELECT INTERVAL '1' DAY > INTERVAL '1' MONTH
SELECT INTERVAL '1' DAY = 1
SELECT ARRAY[1] = 1
SELECT ARRAY[1] = ARRAY['a']
SELECT ARRAY[1] < MAP(ARRAY[1], ARRAY[1])
SELECT MAP(ARRAY['a'], ARRAY[1]) < MAP(ARRAY['a'], ARRAY[2])
SELECT ROW(1, 'a') = ROW('a', 1)
SELECT ROW(1, 2) = ROW(1, 2, 3)
SELECT JSON '1' < JSON '2'
SELECT JSON '1' = 1
SELECT 1 IS DISTINCT FROM 'a'
SELECT X'01' = 'a'
SELECT dt > 20261101 FROM (VALUES '20261102') t (dt)
SELECT x FROM (VALUES '1', '2') t (x) WHERE x = 1
SELECT x FROM (VALUES 1, 2) t (x) WHERE x = '1'
-- Arithmetic and signs.
SELECT 'a' + 1
SELECT 1 - 'a'
SELECT '2' * 3
SELECT 10 / '2'
SELECT '5' % 2
SELECT 1 + true
SELECT DATE '2026-01-01' + 1
SELECT DATE '2026-01-01' - DATE '2025-01-01'
SELECT DATE '2026-01-01' + DATE '2026-01-01'
SELECT '2026-01-01' + INTERVAL '1' DAY
SELECT INTERVAL '1' DAY + 1
SELECT -'a'
SELECT -true
SELECT 1 || 2
SELECT 'a' || 1
SELECT 'a' || DATE '2026-01-01'
SELECT ARRAY[1] || 'a'
SELECT true || 'a'
-- Conditions that are none.
SELECT NOT 1
SELECT NOT 'true'
SELECT 1 AND true
SELECT true OR 'false'
SELECT 1 WHERE 'true'
SELECT x FROM (VALUES 1) t (x) WHERE x
SELECT count(*) FROM (VALUES 1) t (x) HAVING count(*)
SELECT a.x FROM (VALUES 1) a (x) JOIN (VALUES 1) b (y) ON a.x
SELECT count(*) FILTER (WHERE x) FROM (VALUES 1) t (x)
SELECT CASE WHEN 1 THEN 2 END
SELECT IF(1, 2, 3)
-- Results that have no type in common.
SELECT CASE WHEN true THEN 1 ELSE 'x' END
SELECT CASE 1 WHEN 'a' THEN 1 END
SELECT IF(true, 1, 'a')
SELECT coalesce(1, 'a')
SELECT coalesce(NULL, 1, DATE '2026-01-01')
SELECT nullif(1, 'a')
SELECT ARRAY[1, 'a']
SELECT ARRAY[1, 2.5, true]
SELECT MAP(ARRAY[1, 'a'], ARRAY[1, 2])
SELECT greatest(1, 'a')
SELECT least(DATE '2026-01-01', '2026-01-02')
SELECT 1 IN ('1')
SELECT 'a' NOT IN (1, 2)
SELECT DATE '2026-01-01' IN ('2026-01-01')
SELECT (1, 'a') IN (('a', 1))
SELECT 1 IN (SELECT 'a')
SELECT 1 = ANY (SELECT 'a')
SELECT 1 > ALL (SELECT 'a')
SELECT (SELECT 1) = 'a'
SELECT * FROM (VALUES 1, 'a') t (x)
SELECT * FROM (VALUES (1, 'a'), ('b', 2)) t (x, y)
SELECT 1 UNION ALL SELECT 'a'
SELECT 1, 'a' UNION SELECT 2, DATE '2026-01-01'
SELECT 1 INTERSECT SELECT 'a'
SELECT 1 EXCEPT SELECT true
SELECT 1 UNION SELECT 1, 2
WITH RECURSIVE t (n) AS (VALUES 1 UNION ALL SELECT n + 0.5 FROM t WHERE n < 4) SELECT n FROM t
SELECT 1 LIKE '1'
SELECT 'a' LIKE 1
SELECT x FROM (VALUES 1) a (x) JOIN (VALUES 'a') b (x) USING (x)
SELECT a.x FROM (VALUES 1) a (x) JOIN (VALUES 'a') b (y) ON a.x = b.y
-- Arguments of functions.
SELECT lower(5)
SELECT upper(true)
SELECT length(5)
SELECT substr(123, 1)
SELECT substr('abc', 'b')
SELECT trim(5)
SELECT replace('a', 1)
SELECT split(1, ',')
SELECT strpos('a', 1)
SELECT concat('a', 1)
SELECT concat_ws(1, 'a')
SELECT abs('a')
SELECT sqrt('4')
SELECT round('1.5')
SELECT round(1.5, 'a')
SELECT mod('5', 2)
SELECT power('2', 2)
SELECT year('2026-01-01')
SELECT month(1)
SELECT hour(DATE '2026-01-01')
SELECT date_trunc('day', '2026-01-01')
SELECT date_trunc('day', 1)
SELECT date_add('day', '1', DATE '2026-01-01')
SELECT date_diff('day', '2026-01-01', DATE '2026-01-02')
SELECT date_format('2026-01-01', '%Y')
SELECT from_unixtime('1')
SELECT to_unixtime('2026-01-01')
SELECT date(1)
SELECT extract(hour FROM DATE '2026-01-01')
SELECT extract(year FROM '2026-01-01')
SELECT '2026-01-01' AT TIME ZONE 'UTC'
SELECT json_extract_scalar(1, '$')
SELECT json_parse(1)
SELECT regexp_like(1, '1')
SELECT cardinality('a')
SELECT cardinality(1)
SELECT contains(ARRAY[1], 'a')
SELECT contains('abc', 'a')
SELECT element_at(MAP(ARRAY['a'], ARRAY[1]), 1)
SELECT element_at(1, 1)
SELECT ARRAY[1]['a']
SELECT MAP(ARRAY['a'], ARRAY[1])[1]
SELECT 'abc'[1]
SELECT ROW(1, 2)[3]
SELECT array_join('a', ',')
SELECT sequence(1, 'a')
SELECT transform(ARRAY[1], x -> x || 'a')
SELECT filter(ARRAY[1], x -> x)
SELECT filter(ARRAY['a'], x -> x > 1)
SELECT reduce(ARRAY[1, 2], 0, (s, x) -> s + x || 'a', s -> s)
SELECT transform(ARRAY[1], (x, y) -> x)
SELECT any_match(ARRAY[1], x -> 'a')
SELECT sum('a')
SELECT sum(x) FROM (VALUES 'a') t (x)
SELECT avg(x) FROM (VALUES true) t (x)
SELECT sum(DATE '2026-01-01')
SELECT max(MAP(ARRAY['a'], ARRAY[1]))
SELECT bool_and(1)
SELECT count_if(1)
SELECT approx_percentile('a', 0.5)
SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 1) t (x)
SELECT stddev('a')
SELECT lag(1, 'a') OVER ()
SELECT ntile('a') OVER ()
SELECT lead(1, 1, 'a') OVER ()
SELECT sum(x) OVER (ORDER BY x ROWS BETWEEN 'a' PRECEDING AND CURRENT ROW) FROM (VALUES 1) t (x)
SELECT row_number() OVER (ORDER BY x) FROM (VALUES MAP(ARRAY['a'], ARRAY[1])) t (x)
SELECT lower()
SELECT lower('a', 'b')
SELECT CAST(DATE '2026-01-01' AS integer)
SELECT CAST(1 AS date)
SELECT CAST(true AS date)
SELECT CAST(ARRAY[1] AS integer)
SELECT CAST(1 AS array(integer))
SELECT CAST(ARRAY[DATE '2026-01-01'] AS array(integer))
SELECT CAST(ROW(1, 2) AS ROW(a integer))
SELECT CAST(TIMESTAMP '2026-01-01 00:00:00' AS bigint)
SELECT CAST(X'01' AS integer)
SELECT TRY_CAST(DATE '2026-01-01' AS double)
SELECT x FROM (VALUES 1) t (x) ORDER BY 2
SELECT x FROM (VALUES 1) t (x) GROUP BY 2
SELECT x FROM (VALUES JSON '1') t (x) ORDER BY x
SELECT * FROM UNNEST(1) AS t (x)
-- What converts by itself: numbers upwards.
SELECT 1 = 1.0, 1 = 1e0, 1.5 = 15e-1
SELECT 1 + 3000000000, CAST(1 AS tinyint) + 1, CAST(1 AS smallint) + 3000000000
SELECT 1 + 1.5, 1.5 + 1e0, 1 + 1e0
SELECT REAL '1.5' + 1, REAL '1.5' = 1.5e0
SELECT 3000000000 * 2, 3000000000 + 0.5
SELECT ARRAY[1, 2.5], ARRAY[1, 3000000000]
SELECT ARRAY[1, NULL], ARRAY[NULL, 'a']
SELECT coalesce(1, 2.5), coalesce(NULL, 3000000000), coalesce(1, 2e0)
SELECT CASE WHEN true THEN 1 ELSE 2.5 END, CASE WHEN false THEN 1 ELSE 2e0 END
SELECT IF(true, 1, 3000000000), IF(false, 1.5, 2)
SELECT 1 IN (1.0, 2e0), 1.5 IN (1, 2)
SELECT 2 BETWEEN 1.5 AND 3000000000
SELECT 1 UNION ALL SELECT 2.5 ORDER BY 1
SELECT 1 UNION SELECT 3000000000 ORDER BY 1
SELECT * FROM (VALUES 1, 2.5, 3e0) t (x) ORDER BY x
SELECT greatest(1, 2.5), least(1, 2e0), greatest(1, 3000000000)
SELECT 1 IN (SELECT 1.0), 1 = ANY (SELECT 1e0)
SELECT a.x, b.y FROM (VALUES 1) a (x) JOIN (VALUES 1.0) b (y) ON a.x = b.y
SELECT sqrt(4), power(2, 0.5), ln(1), cbrt(8)
SELECT sum(x), avg(x), max(x) FROM (VALUES 1, 2.5) t (x)
SELECT sum(CAST(x AS tinyint)), sum(CAST(x AS real)) FROM (VALUES 1, 2) t (x)
SELECT nullif(1, 1.0), nullif(1, 2e0)
SELECT CASE 1 WHEN 1.0 THEN 'a' ELSE 'bcd' END
SELECT element_at(ARRAY[1, 2], CAST(1 AS tinyint)), ARRAY[10, 20][CAST(2 AS smallint)]
SELECT date_add('day', CAST(1 AS tinyint), DATE '2026-01-01')
SELECT from_unixtime(1), from_unixtime(1.5)
SELECT INTERVAL '1' DAY * 2 = INTERVAL '2' DAY, 2 * INTERVAL '1' MONTH = INTERVAL '2' MONTH
-- Texts of different lengths, dates to timestamps, null to everything.
SELECT 'a' = 'abc', 'a' < 'b', 'a' || 'bc'
SELECT coalesce('a', 'bcd'), CASE WHEN true THEN 'a' ELSE 'bcd' END
SELECT CAST('a' AS varchar(3)) = 'a', CAST('abc' AS varchar) IN ('abc', 'd')
SELECT DATE '2026-01-01' = TIMESTAMP '2026-01-01 00:00:00', DATE '2026-01-02' > TIMESTAMP '2026-01-01 00:00:00'
SELECT coalesce(DATE '2026-01-01', TIMESTAMP '2026-01-01 00:00:00.000')
SELECT DATE '2026-01-01' BETWEEN DATE '2025-12-31' AND TIMESTAMP '2026-01-01 00:00:00'
SELECT DATE '2026-01-01' UNION SELECT TIMESTAMP '2026-01-02 00:00:00.000' ORDER BY 1
SELECT date_diff('hour', DATE '2026-01-01', TIMESTAMP '2026-01-01 12:00:00')
SELECT NULL + 1, NULL || 'a' IS NULL, NOT NULL, NULL AND false, NULL = 1, NULL < 'a'
SELECT 1 WHERE NULL
SELECT coalesce(NULL, NULL), nullif(NULL, 1), nullif(1, NULL)
SELECT lower(NULL), length(NULL), abs(NULL)
SELECT NULL IN (1, 2), 1 IN (NULL), NULL BETWEEN 1 AND 2
SELECT CASE WHEN NULL THEN 1 END, IF(NULL, 1, 2)
SELECT NULL UNION ALL SELECT 1 ORDER BY 1
SELECT * FROM (VALUES (1, NULL), (NULL, 'a')) t (x, y) ORDER BY 1
SELECT CAST(NULL AS date) = DATE '2026-01-01', CAST(NULL AS integer) + 1
SELECT year(TIMESTAMP '2026-01-01 00:00:00'), year(DATE '2026-01-01'), hour(TIMESTAMP '2026-01-01 05:00:00 UTC')
SELECT ARRAY[1] || 2.5, ARRAY[1] = ARRAY[1.0]
SELECT ROW(1, 'a') = ROW(1.0, 'abc')
SELECT concat('a', 'b', 'c'), concat(ARRAY[1], ARRAY[2.5])
SELECT transform(ARRAY[1, 2], x -> x + 0.5), filter(ARRAY[1, 2], x -> x > 1.5)
SELECT reduce(ARRAY[1, 2], 0e0, (s, x) -> s + x, s -> s)
SELECT MAP(ARRAY[1, 2.5], ARRAY['a', 'bcd'])[1]
SELECT element_at(MAP(ARRAY[1.5], ARRAY['a']), 1)
SELECT max_by('a', x), count(x), count_if(x > 0.5) FROM (VALUES 1, 2) t (x)
SELECT lag(x, 1, 0.5) OVER (ORDER BY x) FROM (VALUES 1, 2) t (x) ORDER BY 1
SELECT json_extract_scalar(JSON '{"a": 1}', '$.a'), json_array_length(JSON '[1]')
SELECT date_trunc('day', DATE '2026-01-01'), date_trunc('day', TIMESTAMP '2026-01-01 05:00:00.000')
SELECT substr('abc', CAST(2 AS tinyint)), split_part('a,b', ',', 2)
SELECT typeof(1 + 1.5), typeof(coalesce(1, 2e0)), typeof(ARRAY[1, 2.5]), typeof('a' || 'b')
SELECT typeof(CASE WHEN true THEN 'a' ELSE 'bcd' END), typeof(IF(true, 1, 3000000000))
SELECT typeof(DATE '2026-01-01' + INTERVAL '1' DAY), typeof(sum(x) / count(x)) FROM (VALUES 1) t (x)
SELECT CAST(1 AS varchar) || 'a', CAST('1' AS integer) + 1, CAST('2026-01-01' AS date) = DATE '2026-01-01'
-- What is whole stays whole, and what DuckDB would do otherwise.
SELECT floor(7), ceil(CAST(7 AS bigint)), ceiling(CAST(7 AS smallint)), floor(7) / 2, 7 % floor(4)
SELECT floor(9007199254740993), ceil(9007199254740993)
SELECT sequence(3, 1), sequence(1, 3), sequence(3, 1, -1), sequence(2, 2)
SELECT sequence(1, 5, -1)
SELECT sequence(DATE '2026-01-03', DATE '2026-01-01', INTERVAL '1' DAY)
SELECT width_bucket(1e0, 2e0, 3e0, NULL)
SELECT concat('a')
SELECT NULL[1], transform(NULL, x -> x + 1)
SELECT ROW(1, 2)[x] FROM (VALUES 1) t (x)
SELECT ARRAY[1] || NULL
SELECT NULL + INTERVAL '1' MONTH
SELECT sum(NULL)
SELECT a = b, a <> b, a < b, a BETWEEN b AND b FROM (VALUES (TIMESTAMP '2026-01-01 12:00:00 UTC', TIMESTAMP '2026-01-01 13:00:00 +01:00')) t (a, b)
SELECT a < b, a = b FROM (VALUES (TIMESTAMP '2026-01-01 12:00:00.000', TIMESTAMP '2026-01-01 13:00:00.000 +01:00')) t (a, b)
SELECT d = z FROM (VALUES (DATE '2026-01-01', TIMESTAMP '2026-01-01 00:00:00.000 UTC')) t (d, z)
SELECT coalesce(a, b), IF(true, a, b), CASE WHEN false THEN b ELSE a END FROM (VALUES (TIMESTAMP '2026-01-01 12:00:00.000', TIMESTAMP '2026-01-01 13:00:00.000 +01:00')) t (a, b)
SELECT TIMESTAMP '2026-01-01 12:00:00.000' UNION ALL SELECT TIMESTAMP '2026-01-01 13:00:00.000 UTC'
SELECT from_unixtime(0, 'Nowhere/Here')
SELECT avg(INTERVAL '1' DAY), hour(INTERVAL '1' DAY)
SELECT CASE WHEN true THEN false ELSE lower('a') END, CASE WHEN false THEN 1 ELSE true END
SELECT array_remove(ARRAY[1, 2], NULL), array_remove(ARRAY[1, 2], 2e0), array_union(ARRAY[1], ARRAY[2.5])
SELECT width_bucket(2.5e0, 5, 2.5e0, 2), width_bucket(1e0, 3, 2, 2), width_bucket(1e0, 0, 2, 4)
SELECT date('2026-05-06 07:08:09'), date('2026-05-06')
SELECT date(' 2026-05-06 '), date(TIMESTAMP '2026-05-06 07:08:09'), CAST(x AS date) FROM (VALUES '2026-5-6') t (x)
