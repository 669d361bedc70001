-- Purpose: Members of campaigns as they are: who was addressed by which campaign, and answered.
-- Grain:   one row a member: a lead or a contact in a campaign.
-- Inputs:  salesforce_campaign_members
-- Hidden:  earlier versions, members that were deleted, versions that contradict another of the same instant
--          (id_conflict), fields that were asked for beside these (other_fields).
-- Filter:  nothing prunes: the current state of a record needs all of its versions, so all of
--          salesforce_campaign_members is read. Filter by created_on for a period. Empty unless campaign_members is
--          configured.
-- Example: SELECT campaign_id, count(*) AS members, count_if(has_responded) AS answered FROM v_campaign_members
--          GROUP BY campaign_id
--
-- Columns:
--   member_id           string     Salesforce's id of the record, 18 characters
--   campaign_id         string     The campaign
--   lead_id             string     The member, where it is a lead
--   contact_id          string     [personal] The member, where it is a contact
--   created_at          timestamp  When the record was made
--   created_on          date       The UTC day of that
--   status              string     The organisation's own word for how the member stands
--   step                string     The step of the pipeline that the word is configured to mean; other: not
--                                  configured
--   has_responded       boolean    The member answered
--   first_responded_on  date       The day of the first answer
--   modified_at         timestamp  When Salesforce last wrote the record
SELECT
    record_id AS member_id,
    campaign_id,
    lead_id,
    contact_id,
    created_at,
    CAST(created_at AS date) AS created_on,
    status,
    step,
    has_responded,
    first_responded_on,
    modified_at
FROM (
    SELECT
        record_id, campaign_id, lead_id, contact_id, created_at, status, step, has_responded, first_responded_on,
        modified_at, is_deleted,
        ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY modified_at DESC) AS nth
    FROM salesforce_campaign_members
    WHERE NOT id_conflict
) AS versions
WHERE nth = 1 AND NOT COALESCE(is_deleted, false)
