-- save_conflict --
-- A person's edit in the way of a write. Another value than the one that was seen opens it again, unless the property is
-- the people's.
INSERT INTO conflict (object, object_id, property, ours, theirs, at, theirs_source, theirs_user_id, theirs_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (object, object_id, property) DO UPDATE SET
    ours = excluded.ours, theirs = excluded.theirs,
    at = iif(theirs = excluded.theirs, at, excluded.at),
    theirs_source = excluded.theirs_source, theirs_user_id = excluded.theirs_user_id, theirs_at = excluded.theirs_at,
    taken_at = iif(state = 'ours', NULL, taken_at),
    state = iif(state = 'ours', 'open', state);

-- load_conflicts --
-- Conflicts with the person of their contact.
SELECT object, object_id, property, ours, theirs, conflict.at, state, taken_at,
    theirs_source, theirs_user_id, theirs_at, person_id
FROM conflict LEFT JOIN person_link ON object = 'contact' AND source = 'hubspot' AND remote_id = object_id
WHERE (:object IS NULL OR object = :object)
    AND (:ids IS NULL OR object_id IN (SELECT value FROM json_each(:ids)))
ORDER BY object, object_id, property;
