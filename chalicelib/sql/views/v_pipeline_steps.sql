-- Purpose: When each lead and opportunity first reached each step of the pipeline: what a report of a period
--          counts.
-- Grain:   one row a record and step.
-- Inputs:  salesforce_stage_changes, salesforce_leads, salesforce_opportunities
-- Hidden:  later times at which a record reached the same step again, deleted rows and records, contradictions
--          (id_conflict). A lead begins in the step that its first change left, or in the one that it has still.
-- Filter:  nothing prunes: the first time may be any day. All of salesforce_leads, salesforce_opportunities and
--          salesforce_stage_changes is read. Filter by reached_on for a period.
-- Example: SELECT date_trunc('month', reached_on) AS month, step, count(*) AS records FROM v_pipeline_steps GROUP
--          BY 1, 2
--
-- Columns:
--   object      string     lead or opportunity
--   record_id   string     The lead or opportunity
--   step        string     The step: raw_lead, inquiry, mql, opportunity, won, lost; other: not configured
--   reached_at  timestamp  When it was first there
--   reached_on  date       The UTC day of that
WITH leads AS (
    SELECT record_id, created_at, step, is_deleted
    FROM (
        SELECT
            record_id, created_at, step, is_deleted,
            ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY modified_at DESC) AS nth
        FROM salesforce_leads
        WHERE NOT id_conflict
    ) AS versions
    WHERE nth = 1
),
opportunities AS (
    SELECT record_id, is_deleted
    FROM (
        SELECT
            record_id, is_deleted,
            ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY modified_at DESC) AS nth
        FROM salesforce_opportunities
        WHERE NOT id_conflict
    ) AS versions
    WHERE nth = 1
),
deleted AS (
    SELECT record_id FROM leads WHERE is_deleted
    UNION ALL
    SELECT record_id FROM opportunities WHERE is_deleted
),
changes AS (
    SELECT
        object, record_id, changed_at, from_step, to_step,
        ROW_NUMBER() OVER (PARTITION BY object, record_id ORDER BY changed_at, change_id) AS nth
    FROM salesforce_stage_changes
    WHERE NOT id_conflict AND NOT COALESCE(is_deleted, false)
),
reached AS (
    SELECT
        'lead' AS object, leads.record_id,
        CASE WHEN changes.record_id IS NULL THEN leads.step ELSE changes.from_step END AS step,
        leads.created_at AS reached_at
    FROM leads
    LEFT JOIN changes ON changes.object = 'lead' AND changes.record_id = leads.record_id AND changes.nth = 1
    UNION ALL
    SELECT object, record_id, to_step, changed_at FROM changes
)
SELECT
    reached.object,
    reached.record_id,
    reached.step,
    MIN(reached.reached_at) AS reached_at,
    CAST(MIN(reached.reached_at) AS date) AS reached_on
FROM reached
LEFT JOIN deleted ON deleted.record_id = reached.record_id
WHERE deleted.record_id IS NULL AND reached.step IS NOT NULL
GROUP BY reached.object, reached.record_id, reached.step
