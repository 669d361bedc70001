-- Purpose: How each opportunity went through its stages: when it entered each, when it left it, for how long it was
--          there.
-- Grain:   one row an opportunity and stay in a stage; coming back to a stage is another stay.
-- Inputs:  salesforce_stage_changes, salesforce_opportunities
-- Hidden:  rows of Salesforce's history in which the stage did not change (only the amount, say), deleted rows and
--          opportunities, contradictions (id_conflict).
-- Filter:  nothing prunes: a stay may be as long as the history. All of salesforce_stage_changes is read. Filter by
--          entered_on for a period.
-- Example: SELECT stage, approx_percentile(days_in_stage, 0.5) AS median_days FROM v_opportunity_stages WHERE
--          entered_on >= DATE '2026-10-01' GROUP BY stage
--
-- Columns:
--   opportunity_id  string         Salesforce's id of the opportunity
--   stage           string         The organisation's own word (StageName)
--   step            string         The step of the pipeline that the word is configured to mean; other: not
--                                  configured
--   entered_at      timestamp      When it entered the stage
--   entered_on      date           The UTC day of that
--   left_at         timestamp      When it left the stage; null where it is there still
--   days_in_stage   double         [days] Time from entering to leaving; null where it is there still
--   is_current      boolean        It is in this stage still
--   amount          decimal(38,9)  [money, in currency] What it was worth when it entered
--   currency        string         ISO 4217 code of the amount: of the row, or the organisation's
--   closes_on       date           When it was expected to close, as said when it entered
WITH deleted AS (
    SELECT record_id
    FROM (
        SELECT
            record_id, is_deleted,
            ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY modified_at DESC) AS nth
        FROM salesforce_opportunities
        WHERE NOT id_conflict
    ) AS versions
    WHERE nth = 1 AND is_deleted
),
told AS (
    SELECT
        record_id, change_id, changed_at, to_status, to_step, amount, currency, closes_on,
        LAG(to_status) OVER (PARTITION BY record_id ORDER BY changed_at, change_id) AS before_status,
        ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY changed_at, change_id) AS nth
    FROM salesforce_stage_changes
    WHERE object = 'opportunity' AND NOT id_conflict AND NOT COALESCE(is_deleted, false)
),
stays AS (
    SELECT
        record_id, to_status, to_step, changed_at, amount, currency, closes_on,
        LEAD(changed_at) OVER (PARTITION BY record_id ORDER BY changed_at, change_id) AS left_at
    FROM told
    WHERE nth = 1 OR to_status IS DISTINCT FROM before_status
)
SELECT
    stays.record_id AS opportunity_id,
    stays.to_status AS stage,
    stays.to_step AS step,
    stays.changed_at AS entered_at,
    CAST(stays.changed_at AS date) AS entered_on,
    stays.left_at,
    date_diff('second', stays.changed_at, stays.left_at) / 86400e0 AS days_in_stage,
    stays.left_at IS NULL AS is_current,
    stays.amount,
    stays.currency,
    stays.closes_on
FROM stays
LEFT JOIN deleted ON deleted.record_id = stays.record_id
WHERE deleted.record_id IS NULL
