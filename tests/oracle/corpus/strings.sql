-- Concatenation, null, length.
SELECT 'a' || 'b'
SELECT 'a' || NULL
SELECT concat('a', 'b', 'c')
SELECT concat('a', NULL)
SELECT concat_ws(',', 'a', NULL, 'b')
SELECT length('héllo'), length('')
SELECT upper('straße'), lower('ÀB')
SELECT reverse('abc')
SELECT trim('  a '), ltrim('  a '), rtrim('  a ')
SELECT lpad('7', 3, '0'), rpad('7', 3, 'xy'), lpad('12345', 3, '0')
SELECT replace('banana', 'an', 'AN'), replace('banana', 'an')
SELECT strpos('banana', 'an'), strpos('banana', 'x'), strpos('banana', '')
SELECT strpos('banana', 'an', 2)
SELECT position('n' IN 'banana')
SELECT split('a,b,,c', ',')
SELECT split('a,b,c', ',', 2)
SELECT split_part('a,b,c', ',', 2), split_part('a,b,c', ',', 5)
SELECT starts_with('banana', 'ban')
SELECT chr(65), codepoint('A')
SELECT translate('abcd', 'abc', 'xy')
SELECT 'a' < 'B', 'a' < 'b', 'Z' < 'a'
SELECT 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'a%c' LIKE 'a\%c' ESCAPE '\', 'ABC' LIKE 'abc'
SELECT NULL LIKE 'a', 'a' NOT LIKE 'b'
SELECT CAST('abc' AS varchar(2))
SELECT CAST('a' AS char(3)) || '|'
SELECT 'it''s'
SELECT U&'\00e9'
SELECT normalize('é', NFD) = 'é'
SELECT levenshtein_distance('kitten', 'sitting'), hamming_distance('abc', 'abd')
SELECT soundex('Robert')
SELECT to_utf8('é')
SELECT from_utf8(X'C3A9')
SELECT to_hex(X'00ff'), from_hex('00FF')
SELECT to_base64(to_utf8('abc')), from_utf8(from_base64('YWJj'))
SELECT md5(to_utf8('a')), to_hex(sha256(to_utf8('a')))
SELECT url_encode('a b&c'), url_decode('a+b%26c')
SELECT url_extract_host('https://www.acme.example:8080/a/b?x=1#f'), url_extract_path('https://www.acme.example/a/b?x=1'), url_extract_query('https://a.example/?x=1&y=2'), url_extract_parameter('https://a.example/?x=1&y=2', 'y')
SELECT format('%s-%03d-%.2f', 'a', 7, 1.5e0)
SELECT format('%,d', 1234567)
SELECT word_stem('running')
-- Substrings count from one; zero and negatives.
SELECT substr('hello', 2), substr('hello', 2, 3)
SELECT substr('hello', 0)
SELECT substr('hello', -2), substr('hello', -3, 2)
SELECT substr('hello', 10), substr('hello', -10)
SELECT substring('hello' FROM 2 FOR 2)
SELECT substr('hello', 2, 0), substr('hello', 2, 99)
-- Regular expressions.
SELECT regexp_like('1a 2b 14m', '\d+b')
SELECT regexp_extract('1a 2b 14m', '\d+')
SELECT regexp_extract('1a 2b 14m', '(\d+)([a-z]+)', 2)
SELECT regexp_extract('abc', '\d+')
SELECT regexp_extract_all('1a 2b 14m', '\d+')
SELECT regexp_extract_all('1a 2b 14m', '(\d+)([a-z]+)', 2)
SELECT regexp_replace('1a 2b 14m', '\d+[ab] ')
SELECT regexp_replace('1a 2b 14m', '(\d+)([ab]) ', '3c$2 ')
SELECT regexp_replace('new york', '(\w)(\w*)', x -> upper(x[1]) || lower(x[2]))
SELECT regexp_split('1a 2b 14m', '\s*[a-z]+\s*')
SELECT regexp_count('1a 2b 14m', '\s*[a-z]+\s*')
SELECT regexp_position('9102, say good bye', '\s*[a-z]+\s*')
SELECT regexp_like('ABC', '(?i)abc'), regexp_like('abc', '^b')
SELECT regexp_replace('a.b', '.', '-')
SELECT regexp_extract('k=v', '(?<key>\w)=(?<value>\w)', 2)
