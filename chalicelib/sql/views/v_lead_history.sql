-- Purpose: Every state of every lead that Salesforce told: what a lead was when.
-- Grain:   one row a lead and time at which Salesforce wrote it (two changes between two pulls are one).
-- Inputs:  salesforce_leads
-- Hidden:  versions that contradict another of the same instant (id_conflict), fields that were asked for beside
--          these (other_fields). Deleted leads are there, with is_deleted.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT day, step, count(DISTINCT lead_id) AS leads_touched FROM v_lead_history WHERE day >= DATE
--          '2026-11-01' GROUP BY day, step
--
-- Columns:
--   day             date       UTC day on which Salesforce wrote this state; filter by it
--   modified_at     timestamp  When Salesforce wrote this state
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
--   is_deleted      boolean    The record was in the recycle bin
SELECT
    CAST(dt AS date) AS day,
    modified_at,
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
    is_deleted
FROM salesforce_leads
WHERE NOT id_conflict
