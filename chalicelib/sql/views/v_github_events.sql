-- Purpose: Every event that GitHub told of: what happened, where, who did it.
-- Grain:   one row an event.
-- Inputs:  github_events
-- Hidden:  deliveries of the same event (the same name and body), contradictions (id_conflict), the body as
--          received.
-- Filter:  by day, for example day >= DATE '2026-11-01': only these days are read.
-- Example: SELECT event, action, count(*) AS events FROM v_github_events WHERE day >= DATE '2026-11-01' GROUP BY
--          event, action
--
-- Columns:
--   day          date       UTC day of the event; filter by it
--   happened_at  timestamp  When it happened: the best instant in the payload, else received_at
--   event_id     string     The event's name and the SHA-256 of its body: the same whoever delivers it, however often
--   event        string     GitHub's type of the event
--   action       string     What happened to the subject, as GitHub names it; null where an event has no action
--   repository   string     Full name, owner/name; null for an event of an organisation, an app or a person
--   sender       string     [personal] Login of who did it
--   received_at  timestamp  When it reached us
SELECT
    CAST(dt AS date) AS day,
    occurred_at AS happened_at,
    event_id,
    event,
    action,
    repository,
    sender,
    received_at
FROM (
    SELECT
        dt, occurred_at, event_id, event, action, repository, sender, received_at,
        ROW_NUMBER() OVER (PARTITION BY dt, event_id ORDER BY received_at) AS nth
    FROM github_events
    WHERE NOT id_conflict
) AS delivered
WHERE nth = 1
