-- Purpose: What media and networks write of the company: each document once, however many searches found it.
-- Grain:   one row a document.
-- Inputs:  meltwater_mentions
-- Hidden:  that a document of several searches is several rows (searches names them; the rest is as the first of
--          them told it), contradictions (id_conflict), the document as it came (other_fields).
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT sentiment, count(*) AS mentions, sum(reach) AS reach FROM v_mentions WHERE day >= DATE
--          '2026-11-01' GROUP BY sentiment
--
-- Columns:
--   day            date       UTC day of publication; filter by it
--   published_at   timestamp  When it was published
--   document_id    string     Meltwater's id of the document
--   url            string     Its address
--   title          string     Its title
--   source_name    string     The medium or site that published it
--   source_type    string     The kind of the source: news, blog, social, …
--   country_code   string     The country of the source
--   language_code  string     The language of the document
--   reach          bigint     [people] How many people it can reach, as Meltwater estimates; null where it does not
--   engagement     bigint     [count] Likes, shares and comments together; null where Meltwater does not say
--   sentiment      string     positive, neutral, negative or unknown, as Meltwater judges
--   searches       string     The saved searches that found it, by number, with commas between them
SELECT
    CAST(dt AS date) AS day,
    published_at,
    document_id,
    url,
    title,
    source_name,
    source_type,
    country_code,
    language_code,
    reach,
    engagement,
    sentiment,
    ARRAY_JOIN(ARRAY_SORT(ARRAY_DISTINCT(found_by)), ',') AS searches
FROM (
    SELECT
        dt, published_at, document_id, url, title, source_name, source_type, country_code, language_code, reach,
        engagement, sentiment,
        ARRAY_AGG(search_id) OVER (PARTITION BY dt, document_id) AS found_by,
        ROW_NUMBER() OVER (PARTITION BY dt, document_id ORDER BY search_id) AS nth
    FROM meltwater_mentions
    WHERE NOT id_conflict
) AS found
WHERE nth = 1
