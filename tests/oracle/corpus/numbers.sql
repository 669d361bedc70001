-- Integers: division, remainder, overflow, signs.
SELECT 7 / 2
SELECT -7 / 2
SELECT 7 / -2
SELECT 7 % 3, -7 % 3, 7 % -3
SELECT mod(7, 3), mod(-7, 3)
SELECT 1 / 0
SELECT 1 % 0
SELECT try(1 / 0)
SELECT coalesce(try(10 / 0), -1)
SELECT 5 / 2 * 2
SELECT BIGINT '9223372036854775807' + 1
SELECT 2147483647 + 1
SELECT CAST(2147483647 AS bigint) + 1
SELECT -(-3)
SELECT abs(-5), sign(-5), sign(0), sign(3)
SELECT 3 / CAST(NULL AS integer)
SELECT CAST(7 AS tinyint) / CAST(2 AS tinyint)
SELECT CAST(300 AS tinyint)
SELECT TRY_CAST(300 AS tinyint)
SELECT greatest(1, 2, 3), least(1, 2, 3)
SELECT greatest(1, NULL, 3)
SELECT bitwise_and(12, 10), bitwise_or(12, 10), bitwise_xor(12, 10), bitwise_not(12)
SELECT width_bucket(5.3, 0.2, 10.6, 5)
SELECT gcd(12, 18)
-- Doubles.
SELECT 7e0 / 2
SELECT 1e0 / 0
SELECT -1e0 / 0
SELECT 0e0 / 0
SELECT is_nan(nan()), is_infinite(infinity()), is_finite(1e0)
SELECT round(2.5e0), round(3.5e0), round(-2.5e0)
SELECT round(2.345e0, 2)
SELECT ceil(1.2e0), floor(-1.2e0), truncate(-1.7e0)
SELECT 1e0 / 3
SELECT sqrt(2e0), power(2, 10), exp(0e0), ln(e())
SELECT log2(8e0), log10(1000e0), log(2, 8)
SELECT CAST(1.7e0 AS integer), CAST(-1.7e0 AS integer), CAST(2.5e0 AS bigint)
SELECT CAST(1e10 AS varchar), CAST(123456.789e0 AS varchar), CAST(1e-5 AS varchar)
SELECT CAST('1e3' AS double), CAST(' 1.5 ' AS double)
SELECT CAST(100e0 AS varchar)
SELECT REAL '1.1' + 0e0 > 1.1e0
SELECT pi() > 3.14e0
SELECT degrees(pi()), radians(180)
SELECT cbrt(27e0)
SELECT from_base('ff', 16), to_base(255, 16)
-- Decimals.
SELECT 1.0 / 3
SELECT 10.00 / 4
SELECT DECIMAL '1.1' + DECIMAL '2.22'
SELECT DECIMAL '1.10' * DECIMAL '2.5'
SELECT DECIMAL '7' / DECIMAL '2'
SELECT 2.5 % 2
SELECT round(2.5), round(3.5), round(-2.5)
SELECT round(2.345, 2), round(-2.345, 1)
SELECT CAST(2.5 AS integer), CAST(3.5 AS integer), CAST(-2.5 AS integer)
SELECT CAST(1.005 AS decimal(10, 2))
SELECT CAST('1.239' AS decimal(10, 2))
SELECT CAST(1234.5 AS decimal(5, 2))
SELECT CAST(123456 AS decimal(5, 2))
SELECT TRY_CAST(123456 AS decimal(5, 2))
SELECT CAST(0.1 AS double) + 0.2
SELECT sum(x) FROM (VALUES 1.10, 2.20, 3.30) t (x)
SELECT avg(x) FROM (VALUES 1.0, 2.0, 4.0) t (x)
SELECT avg(x) FROM (VALUES 1, 2, 4) t (x)
SELECT sum(x) FROM (VALUES 1, 2, 4) t (x)
SELECT ceiling(1.1), floor(1.9), ceiling(-1.1)
SELECT truncate(1.99)
SELECT 1.5 = 1.50, 1.5 = 1.5e0
SELECT DECIMAL '123.45' / 0
SELECT CAST(99999999999999999999.99 AS varchar)
SELECT abs(-1.5), sign(-1.5)
SELECT DECIMAL '10' / 3
SELECT typeof(1 / 2), typeof(1.0 / 2), typeof(1e0 / 2)
SELECT typeof(1.5 * 2.25), typeof(1.5 + 2.25), typeof(DECIMAL '1.10')
SELECT typeof(1), typeof(3000000000), typeof('a'), typeof(true), typeof(NULL)
SELECT typeof(sum(x)), typeof(avg(x)), typeof(count(*)) FROM (VALUES 1) t (x)
SELECT typeof(CAST(1 AS smallint) + CAST(1 AS smallint))
-- Strings to numbers.
SELECT CAST('42' AS integer)
SELECT CAST(' 42 ' AS integer)
SELECT CAST('4.2' AS integer)
SELECT CAST('abc' AS integer)
SELECT TRY_CAST('abc' AS integer)
SELECT TRY_CAST('' AS integer)
SELECT TRY_CAST('9999999999' AS integer)
SELECT CAST('true' AS boolean), CAST('f' AS boolean), CAST('1' AS boolean)
SELECT CAST('maybe' AS boolean)
SELECT CAST(1 AS boolean), CAST(true AS integer)
SELECT '1' = 1
SELECT '5' + 5
SELECT CAST(12 AS varchar) || 'a'
SELECT CAST(-0e0 AS varchar)
