-- Purpose: the UTC days whose results in pipeline_cube may differ, now that some days' partitions have got rows: those
--          on which a record of these rows was made, or changed its step at any time.
-- Inputs:  salesforce_leads, salesforce_opportunities, salesforce_stage_changes (source salesforce_pipeline).
-- Grain:   day.
-- Reads:   of the days that got rows, the records' ids; of every day, when leads were made and records changed.
-- Parameters, named where they stand: first_day, last_day: UTC dates, inclusive, of the partitions that got rows.
--
-- An opportunity counts when its history says so, never when it was made, so salesforce_opportunities tells no day.
WITH renewed AS (
    SELECT record_id FROM salesforce_leads WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
    UNION
    SELECT record_id FROM salesforce_opportunities WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
    UNION
    SELECT record_id FROM salesforce_stage_changes WHERE dt BETWEEN ? /* first_day */ AND ? /* last_day */
),
happenings AS (
    SELECT record_id, created_at AS happened_at FROM salesforce_leads
    UNION ALL
    SELECT record_id, changed_at FROM salesforce_stage_changes
)
SELECT DISTINCT CAST(happenings.happened_at AS date) AS day
FROM happenings
JOIN renewed ON renewed.record_id = happenings.record_id
WHERE happenings.happened_at IS NOT NULL
