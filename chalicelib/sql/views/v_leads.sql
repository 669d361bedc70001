-- Purpose: Leads as they are: the last state of each that Salesforce told.
-- Grain:   one row a lead.
-- Inputs:  salesforce_leads
-- Hidden:  the earlier versions of each lead (v_lead_history has them), leads that were deleted, versions that
--          contradict another of the same instant (id_conflict), fields that were asked for beside these
--          (other_fields).
-- Filter:  nothing prunes: the current state of a record needs all of its versions, so all of salesforce_leads is
--          read. Filter by created_on for a period.
-- Example: SELECT lead_source, count(*) AS leads, count_if(is_converted) AS converted FROM v_leads WHERE created_on
--          >= DATE '2026-11-01' GROUP BY lead_source
--
-- Columns:
--   lead_id         string     Salesforce's id of the record, 18 characters
--   created_at      timestamp  When the record was made
--   created_on      date       The UTC day of that
--   status          string     The organisation's own word for where the lead stands
--   step            string     The step of the pipeline that the word is configured to mean; other: not configured
--   lead_source     string     Where the lead came from
--   country         string     The lead's country
--   industry        string     The lead's industry
--   owner_id        string     [personal] Whose lead it was: a user or a queue
--   is_converted    boolean    It was made a contact, and perhaps an opportunity
--   converted_on    date       The day of that, in the organisation's zone
--   opportunity_id  string     The opportunity that it was made
--   account_id      string     The account that it was made
--   contact_id      string     [personal] The contact that it was made
--   modified_at     timestamp  When Salesforce last wrote the record
SELECT
    record_id AS lead_id,
    created_at,
    CAST(created_at AS date) AS created_on,
    status,
    step,
    lead_source,
    country,
    industry,
    owner_id,
    is_converted,
    converted_on,
    converted_opportunity_id AS opportunity_id,
    converted_account_id AS account_id,
    converted_contact_id AS contact_id,
    modified_at
FROM (
    SELECT
        record_id, created_at, status, step, lead_source, country, industry, owner_id, is_converted, converted_on,
        converted_opportunity_id, converted_account_id, converted_contact_id, modified_at, is_deleted,
        ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY modified_at DESC) AS nth
    FROM salesforce_leads
    WHERE NOT id_conflict
) AS versions
WHERE nth = 1 AND NOT COALESCE(is_deleted, false)
