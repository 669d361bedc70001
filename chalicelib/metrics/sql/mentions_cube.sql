-- Purpose: what media and networks write of the company, each document once, by 15 minutes.
-- Inputs:  meltwater_mentions.
-- Grain:   bucket_start, source_type, country_code, language_code, sentiment.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive.
--
-- A document that several searches found is one mention, told as the first of them (by its number as text) told it, as
-- in v_mentions. Contradictions (id_conflict) are left out. Where Meltwater estimates no reach or tells no engagement,
-- none is added.
WITH found AS (
    SELECT
        published_at, source_type, country_code, language_code, sentiment, reach, engagement,
        CASE sentiment WHEN 'positive' THEN 1 WHEN 'neutral' THEN 0 WHEN 'negative' THEN -1 END AS tendency,
        ROW_NUMBER() OVER (PARTITION BY dt, document_id ORDER BY search_id) AS nth
    FROM meltwater_mentions
    WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */ AND NOT id_conflict
)
SELECT
    date_add('minute', 0 - minute(published_at) % 15, date_trunc('minute', published_at)) AS bucket_start,
    source_type,
    country_code,
    language_code,
    sentiment,
    count(*) AS mentions,
    COALESCE(sum(reach), 0) AS reach,
    COALESCE(sum(engagement), 0) AS engagement,
    COALESCE(sum(tendency), 0) AS sentiment_balance,
    count(tendency) AS judged
FROM found
WHERE nth = 1
GROUP BY 1, source_type, country_code, language_code, sentiment
