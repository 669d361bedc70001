-- Purpose: Opportunities as they are: the last state of each that Salesforce told.
-- Grain:   one row an opportunity.
-- Inputs:  salesforce_opportunities
-- Hidden:  the earlier versions (v_opportunity_history has them), opportunities that were deleted, versions that
--          contradict another of the same instant (id_conflict), fields that were asked for beside these
--          (other_fields).
-- Filter:  nothing prunes: the current state of a record needs all of its versions, so all of
--          salesforce_opportunities is read. Filter by created_on or closes_on for a period.
-- Example: SELECT stage, currency, count(*) AS opportunities, sum(amount) AS amount FROM v_opportunities WHERE NOT
--          is_closed GROUP BY stage, currency
--
-- Columns:
--   opportunity_id  string         Salesforce's id of the record, 18 characters
--   created_at      timestamp      When the record was made
--   created_on      date           The UTC day of that
--   stage           string         The organisation's own word for where it stands (StageName)
--   step            string         The step of the pipeline that the word is configured to mean; other: not
--                                  configured
--   account_id      string         The account
--   campaign_id     string         The campaign that is given the credit
--   lead_source     string         Where it came from
--   type            string         New business, existing business, …
--   amount          decimal(38,9)  [money, in currency] What it is worth
--   currency        string         ISO 4217 code: of the record, or the organisation's
--   probability     double         [percent, 0 to 100] How likely it is won, as Salesforce has it
--   closes_on       date           The day on which it closes or is expected to
--   is_closed       boolean        Won or lost
--   is_won          boolean        It was won
--   owner_id        string         [personal] Whose opportunity it was
--   modified_at     timestamp      When Salesforce last wrote the record
SELECT
    record_id AS opportunity_id,
    created_at,
    CAST(created_at AS date) AS created_on,
    status AS stage,
    step,
    account_id,
    campaign_id,
    lead_source,
    type,
    amount,
    currency,
    probability,
    closes_on,
    is_closed,
    is_won,
    owner_id,
    modified_at
FROM (
    SELECT
        record_id, created_at, status, step, account_id, campaign_id, lead_source, type, amount, currency, probability,
        closes_on, is_closed, is_won, owner_id, modified_at, is_deleted,
        ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY modified_at DESC) AS nth
    FROM salesforce_opportunities
    WHERE NOT id_conflict
) AS versions
WHERE nth = 1 AND NOT COALESCE(is_deleted, false)
