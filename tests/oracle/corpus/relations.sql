-- Nulls in order and in aggregates.
SELECT x FROM (VALUES 2, NULL, 1) t (x) ORDER BY x
SELECT x FROM (VALUES 2, NULL, 1) t (x) ORDER BY x DESC
SELECT x FROM (VALUES 2, NULL, 1) t (x) ORDER BY x NULLS FIRST
SELECT x FROM (VALUES 2, NULL, 1) t (x) ORDER BY x DESC NULLS LAST
SELECT x, y FROM (VALUES (1, NULL), (1, 2), (NULL, 1)) t (x, y) ORDER BY 1 DESC, 2
SELECT count(*), count(x), count(DISTINCT x) FROM (VALUES 1, 1, NULL) t (x)
SELECT sum(x), avg(x), min(x), max(x) FROM (VALUES CAST(NULL AS integer)) t (x)
SELECT sum(x), count(*) FROM (VALUES 1) t (x) WHERE x > 5
SELECT NULL = NULL, NULL IS NULL, 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL
SELECT 1 IN (1, NULL), 2 IN (1, NULL), 2 NOT IN (1, NULL)
SELECT NULL AND false, NULL OR true, NOT NULL
SELECT coalesce(NULL, NULL, 3), nullif(1, 1), nullif(1, 2), if(false, 1), if(true, 1, 2)
SELECT CASE WHEN NULL THEN 1 ELSE 2 END, CASE 3 WHEN 1 THEN 'a' END
-- Aggregates.
SELECT x, count(*) FROM (VALUES 'a', 'b', 'a') t (x) GROUP BY x ORDER BY x
SELECT x % 2 AS odd, sum(x) FROM (VALUES 1, 2, 3) t (x) GROUP BY 1 ORDER BY 1
SELECT x, sum(y) FROM (VALUES ('a', 1), ('b', 5), ('a', 2)) t (x, y) GROUP BY x HAVING sum(y) > 3 ORDER BY x
SELECT x, y, sum(z) FROM (VALUES ('a', 'c', 1), ('a', 'd', 2)) t (x, y, z) GROUP BY ROLLUP (x, y) ORDER BY x, y
SELECT x, y, sum(z), grouping(x, y) FROM (VALUES ('a', 'c', 1), ('a', 'd', 2)) t (x, y, z) GROUP BY CUBE (x, y) ORDER BY 1, 2
SELECT x, y, count(*) FROM (VALUES ('a', 'c'), ('b', 'c')) t (x, y) GROUP BY GROUPING SETS ((x), (y), ()) ORDER BY 1, 2
SELECT count(*) FILTER (WHERE x > 1), sum(x) FILTER (WHERE x > 9) FROM (VALUES 1, 2, 3) t (x)
SELECT array_agg(x ORDER BY x DESC) FROM (VALUES 1, 3, 2) t (x)
SELECT array_agg(x ORDER BY x) FROM (VALUES 1, NULL, 2) t (x)
SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'b', 'a') t (x)
SELECT max_by(x, y), min_by(x, y) FROM (VALUES ('a', 1), ('b', 2)) t (x, y)
SELECT max(x, 2) FROM (VALUES 1, 3, 2) t (x)
SELECT bool_and(x > 0), bool_or(x > 2), every(x > 0) FROM (VALUES 1, 3, 2) t (x)
SELECT approx_distinct(x) FROM (VALUES 1, 2, 2, 3) t (x)
SELECT approx_percentile(x, 0.5) FROM (VALUES 1, 2, 3) t (x)
SELECT stddev(x), variance(x), stddev_pop(x), var_pop(x) FROM (VALUES 1e0, 2e0, 3e0, 4e0) t (x)
SELECT corr(x, y), covar_pop(x, y), covar_samp(x, y), regr_slope(y, x) FROM (VALUES (1e0, 2e0), (2e0, 4e0), (3e0, 7e0)) t (x, y)
SELECT geometric_mean(x) FROM (VALUES 1e0, 4e0) t (x)
SELECT arbitrary(x), any_value(x) FROM (VALUES 1, 1) t (x)
SELECT checksum(x) IS NOT NULL FROM (VALUES 1) t (x)
SELECT count_if(x > 1) FROM (VALUES 1, 2, 3) t (x)
SELECT count_if(x > 1), count_if(x > 1) FILTER (WHERE x = 1) FROM (VALUES CAST(NULL AS integer)) t (x)
SELECT histogram(x) FROM (VALUES 'a', 'a') t (x)
SELECT multimap_agg(k, v) FROM (VALUES ('a', 1), ('a', 1)) t (k, v)
SELECT bitwise_and_agg(x), bitwise_or_agg(x) FROM (VALUES 12, 10) t (x)
SELECT sum(DISTINCT x) FROM (VALUES 1, 1, 2) t (x)
SELECT skewness(x), kurtosis(x) FROM (VALUES 1e0, 2e0, 3e0, 9e0) t (x)
SELECT reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (VALUES 1, 2, 3) t (x)
-- Windows.
SELECT x, row_number() OVER (ORDER BY x DESC) FROM (VALUES 1, 2, 3) t (x) ORDER BY x
SELECT x, rank() OVER (ORDER BY x), dense_rank() OVER (ORDER BY x) FROM (VALUES 1, 1, 2) t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 3) t (x) ORDER BY x
SELECT x, lag(x) OVER (ORDER BY x), lead(x, 2, 0) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t (x) ORDER BY x
SELECT x, first_value(x) OVER (ORDER BY x DESC), last_value(x) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t (x) ORDER BY x
SELECT x, last_value(x) IGNORE NULLS OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM (VALUES (1, 5), (2, NULL), (3, 7)) t (n, x) ORDER BY n
SELECT x, ntile(2) OVER (ORDER BY x), percent_rank() OVER (ORDER BY x), cume_dist() OVER (ORDER BY x) FROM (VALUES 1, 2, 3, 4) t (x) ORDER BY x
SELECT g, x, avg(x) OVER (PARTITION BY g) FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t (g, x) ORDER BY g, x
SELECT x, nth_value(x, 2) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES 1, 2, 3) t (x) ORDER BY x
SELECT x, x * 1.0 / sum(x) OVER () FROM (VALUES 1, 3) t (x) ORDER BY x
SELECT x, row_number() OVER (ORDER BY x) FROM (VALUES NULL, 1) t (x) ORDER BY 2
-- Joins and sets.
SELECT a.x, b.y FROM (VALUES 1, 2) a (x) JOIN (VALUES (1, 'p')) b (x, y) ON a.x = b.x
SELECT a.x, b.y FROM (VALUES 1, 2) a (x) LEFT JOIN (VALUES (1, 'p')) b (x, y) ON a.x = b.x ORDER BY a.x
SELECT x, y FROM (VALUES 1, 2) a (x) FULL JOIN (VALUES 2, 3) b (y) ON a.x = b.y ORDER BY x, y
SELECT * FROM (VALUES (1, 'a')) a (k, x) JOIN (VALUES (1, 'b')) b (k, y) USING (k)
SELECT x FROM (VALUES 1, 2, NULL) a (x) WHERE x IN (SELECT y FROM (VALUES 1, NULL) b (y))
SELECT x FROM (VALUES 1, 2) a (x) WHERE x NOT IN (SELECT y FROM (VALUES 1, NULL) b (y))
SELECT x FROM (VALUES 1, 2) a (x) WHERE EXISTS (SELECT 1 FROM (VALUES 2) b (y) WHERE y = x)
SELECT x, (SELECT max(y) FROM (VALUES 1, 5) b (y) WHERE y > x) FROM (VALUES 1, 6) a (x) ORDER BY x
SELECT (SELECT y FROM (VALUES 1, 2) b (y))
SELECT x FROM (VALUES 1, 2) a (x) UNION SELECT y FROM (VALUES 2, 3) b (y) ORDER BY 1
SELECT x FROM (VALUES 1, 1) a (x) UNION ALL SELECT 2 ORDER BY 1
SELECT x FROM (VALUES 1, 2, 2) a (x) INTERSECT SELECT 2
SELECT x FROM (VALUES 1, 2, 2) a (x) EXCEPT SELECT 1
SELECT DISTINCT x FROM (VALUES 1, 1, NULL, NULL) a (x) ORDER BY x
SELECT x FROM (VALUES 3, 1, 2) a (x) ORDER BY x LIMIT 2
SELECT x FROM (VALUES 3, 1, 2) a (x) ORDER BY x OFFSET 1 LIMIT 1
SELECT x FROM (VALUES 3, 1, 2, 2) a (x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES
SELECT x FROM (VALUES 1, 2) a (x) WHERE x > ALL (SELECT y FROM (VALUES 0, 1) b (y))
SELECT count(*) FROM (VALUES 1, 2) a (x) CROSS JOIN (VALUES 1, 2, 3) b (y)
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT * FROM a, b
WITH RECURSIVE t (n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT sum(n) FROM t
SELECT x AS "Total", x "a b" FROM (VALUES 1) t (x)
SELECT t.* FROM (VALUES (1, 'a')) t (x, y)
SELECT sum(x) FROM (VALUES 1, 2) t (x) GROUP BY ()
SELECT 1 UNION SELECT 'a'
SELECT y FROM (VALUES 1) t (x)
SELECT nothing(1)
SELECT sum(x), x FROM (VALUES 1) t (x)
SELECT 1 WHERE 1
SELECT * FROM missing_table
SELECT max(x) FROM (VALUES 'a', 'b') t (x)
SELECT x BETWEEN 1 AND 3, x BETWEEN 3 AND 1 FROM (VALUES 2) t (x)
SELECT TRY(CAST('x' AS bigint)), TRY(ARRAY[1][2])
SELECT 'a' IS DISTINCT FROM 'b'
