-- Purpose: Releases that are published on GitHub, as they are.
-- Grain:   one row a release.
-- Inputs:  github_releases
-- Hidden:  drafts, releases that were deleted or unpublished, earlier states, contradictions (id_conflict).
--          Releases from before the webhook was made are not there.
-- Filter:  nothing prunes: the current state of a record needs all of its versions, so all of github_releases is
--          read. Filter by published_on for a period.
-- Example: SELECT repository, tag_name, published_on FROM v_github_releases WHERE NOT prerelease ORDER BY
--          published_at DESC
--
-- Columns:
--   repository    string     Full name, owner/name; null for an event of an organisation, an app or a person
--   release_id    bigint     GitHub's id of the release
--   tag_name      string     Its tag
--   name          string     Its name, when it has one
--   prerelease    boolean    It is a prerelease
--   author        string     [personal] Login of who made it
--   published_at  timestamp  When it was published
--   published_on  date       The UTC day of that
--   asset_count   bigint     [count] Files attached to it
SELECT
    repository,
    release_id,
    tag_name,
    name,
    prerelease,
    author,
    published_at,
    CAST(published_at AS date) AS published_on,
    asset_count
FROM (
    SELECT
        repository, release_id, tag_name, name, prerelease, author, published_at, asset_count, draft, action,
        ROW_NUMBER() OVER (
            PARTITION BY repository, release_id ORDER BY occurred_at DESC, received_at DESC, event_id
        ) AS nth
    FROM github_releases
    WHERE NOT id_conflict
) AS states
WHERE nth = 1
    AND action NOT IN ('deleted', 'unpublished')
    AND NOT COALESCE(draft, false)
    AND published_at IS NOT NULL
