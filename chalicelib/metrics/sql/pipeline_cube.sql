-- Purpose: when each lead and opportunity first reached each step of the pipeline, and what opportunities are worth
--          now, by 15 minutes.
-- Inputs:  salesforce_leads, salesforce_opportunities, salesforce_stage_changes (source salesforce_pipeline).
-- Grain:   bucket_start, lead_source, country, type, currency.
-- Reads:   every day of the three tables, but of their columns only those named here: the version that counts may be of
--          any later day, the first change of a lead, which tells the step that it began in, too.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive, of the results.
--
-- The rules are those of v_pipeline_steps. A record is as its last version says; what is deleted and what contradicts
-- (id_conflict) is left out. A lead begins in the step that its first change left, or in the one that it has still, at
-- the instant at which it was made. Steps of leads and of opportunities are counted apart: a lead that becomes an
-- opportunity is converted (leads_converted), its opportunity one of opportunities.
WITH leads AS (
    SELECT record_id, created_at, step, lead_source, country, is_deleted
    FROM (
        SELECT
            record_id, created_at, step, lead_source, country, is_deleted,
            ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY modified_at DESC) AS nth
        FROM salesforce_leads
        WHERE NOT id_conflict
    ) AS versions
    WHERE nth = 1
),
opportunities AS (
    SELECT record_id, lead_source, type, currency, amount, is_deleted
    FROM (
        SELECT
            record_id, lead_source, type, currency, amount, is_deleted,
            ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY modified_at DESC) AS nth
        FROM salesforce_opportunities
        WHERE NOT id_conflict
    ) AS versions
    WHERE nth = 1
),
changes AS (
    SELECT
        object, record_id, changed_at, from_step, to_step,
        ROW_NUMBER() OVER (PARTITION BY object, record_id ORDER BY changed_at, change_id) AS nth
    FROM salesforce_stage_changes
    WHERE NOT id_conflict AND NOT COALESCE(is_deleted, false)
),
told AS (
    SELECT
        'lead' AS object, leads.record_id,
        CASE WHEN changes.record_id IS NULL THEN leads.step ELSE changes.from_step END AS step,
        leads.created_at AS reached_at
    FROM leads
    LEFT JOIN changes ON changes.object = 'lead' AND changes.record_id = leads.record_id AND changes.nth = 1
    UNION ALL
    SELECT object, record_id, to_step, changed_at FROM changes
),
reached AS (
    SELECT object, record_id, step, MIN(reached_at) AS reached_at
    FROM told
    WHERE (object = 'lead' AND step IN ('raw_lead', 'inquiry', 'mql', 'opportunity', 'lost'))
        OR (object = 'opportunity' AND step IN ('opportunity', 'won', 'lost'))
    GROUP BY object, record_id, step
),
happenings AS (
    SELECT
        created_at AS happened_at, 'lead' AS object, 'created' AS step, lead_source, country,
        CAST(NULL AS varchar) AS type, CAST(NULL AS varchar) AS currency, CAST(NULL AS decimal(38, 9)) AS amount
    FROM leads
    WHERE NOT COALESCE(is_deleted, false)
    UNION ALL
    SELECT
        reached.reached_at, reached.object, reached.step,
        COALESCE(leads.lead_source, opportunities.lead_source),
        leads.country, opportunities.type, opportunities.currency, opportunities.amount
    FROM reached
    LEFT JOIN leads ON leads.record_id = reached.record_id
    LEFT JOIN opportunities ON opportunities.record_id = reached.record_id
    WHERE NOT COALESCE(leads.is_deleted, false) AND NOT COALESCE(opportunities.is_deleted, false)
)
SELECT
    date_add('minute', 0 - minute(happened_at) % 15, date_trunc('minute', happened_at)) AS bucket_start,
    lead_source,
    country,
    type,
    currency,
    count_if(step = 'created') AS leads,
    count_if(object = 'lead' AND step = 'raw_lead') AS raw_leads,
    count_if(object = 'lead' AND step = 'inquiry') AS inquiries,
    count_if(object = 'lead' AND step = 'mql') AS mqls,
    count_if(object = 'lead' AND step = 'opportunity') AS leads_converted,
    count_if(object = 'lead' AND step = 'lost') AS leads_lost,
    count_if(object = 'opportunity' AND step = 'opportunity') AS opportunities,
    count_if(object = 'opportunity' AND step = 'won') AS opportunities_won,
    count_if(object = 'opportunity' AND step = 'lost') AS opportunities_lost,
    count_if(object = 'opportunity' AND step IN ('won', 'lost')) AS opportunities_closed,
    COALESCE(
        sum(amount) FILTER (WHERE object = 'opportunity' AND step = 'opportunity'), CAST(0 AS decimal(38, 9))
    ) AS opportunity_amount,
    COALESCE(sum(amount) FILTER (WHERE object = 'opportunity' AND step = 'won'), CAST(0 AS decimal(38, 9))) AS won_amount
FROM happenings
WHERE CAST(happened_at AS date) BETWEEN CAST(? /* first_day */ AS date) AND CAST(? /* last_day */ AS date)
GROUP BY 1, lead_source, country, type, currency
