-- Purpose: Every state of every opportunity that Salesforce told: what it was worth when.
-- Grain:   one row an opportunity and time at which Salesforce wrote it (two changes between two pulls are one).
-- Inputs:  salesforce_opportunities
-- Hidden:  versions that contradict another of the same instant (id_conflict), fields that were asked for beside
--          these (other_fields). Deleted opportunities are there, with is_deleted.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT day, opportunity_id, stage, amount, currency FROM v_opportunity_history WHERE day >= DATE
--          '2026-11-01' ORDER BY modified_at
--
-- Columns:
--   day             date           UTC day on which Salesforce wrote this state; filter by it
--   modified_at     timestamp      When Salesforce wrote this state
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
--   is_deleted      boolean        The record was in the recycle bin
SELECT
    CAST(dt AS date) AS day,
    modified_at,
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
    is_deleted
FROM salesforce_opportunities
WHERE NOT id_conflict
