-- held_contacts --
-- Contacts that are not gone (unreadable ones that never were read, and forgotten ones, too); of those the ones that
-- came, and the gone ones that went, at or after a moment. One that warmline made has no date of its own before it is read.
SELECT
    (SELECT count(*) FROM contact WHERE deleted_at IS NULL) + (
        SELECT count(*) FROM quarantine
        WHERE stream = :stream AND ref NOT GLOB '*[^0-9]*'
            AND NOT EXISTS (SELECT 1 FROM contact WHERE remote_id = quarantine.ref AND deleted_at IS NULL)
    ) + (
        SELECT count(DISTINCT hash) FROM tombstone JOIN erasure ON erasure.id = tombstone.erasure_id
        WHERE tombstone.is_contact = 1 AND erasure.state <> 'asked'
    ),
    (SELECT count(*) FROM contact WHERE deleted_at IS NULL AND coalesce(remote_created_at, changed_at) >= :since),
    (SELECT count(*) FROM contact WHERE deleted_at >= :since);
