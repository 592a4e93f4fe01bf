-- save_stream --
-- What a stream has done in a run so far.
INSERT INTO run_stream (run_id, stream, fetched, stored, unchanged, duplicate, suppressed, quarantined, deleted, error)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_id, stream) DO UPDATE SET
    fetched = excluded.fetched, stored = excluded.stored, unchanged = excluded.unchanged, duplicate = excluded.duplicate,
    suppressed = excluded.suppressed, quarantined = excluded.quarantined, deleted = excluded.deleted, error = excluded.error;

-- last_run --
-- The run that started last, of all, or of those that ended in a certain way.
SELECT id, command, started_at, finished_at, complete, reason, report FROM run
WHERE (:complete IS NULL OR complete = :complete) AND command = coalesce(:command, nullif(command, 'run hints'))
ORDER BY started_at DESC, id DESC LIMIT 1;

-- forget_runs --
-- Runs of long ago, apart from the last one of each command and ending.
DELETE FROM run WHERE started_at < :before AND id NOT IN (
    SELECT id FROM (SELECT id, max(started_at) FROM run GROUP BY command, complete)
);

-- enqueue_everyone --
-- Every live candidate, contact and sign-in line, and every record that has a person.
INSERT INTO work (stage, source, remote_id, due_at)
SELECT 'reconcile', source, remote_id, :due_at FROM (
    SELECT source, remote_id FROM candidate WHERE deleted_at IS NULL
    UNION SELECT 'hubspot', remote_id FROM contact WHERE deleted_at IS NULL
    UNION SELECT source, remote_id FROM attendance WHERE deleted_at IS NULL
    UNION SELECT source, remote_id FROM person_link
) WHERE true
ON CONFLICT (stage, source, remote_id) DO UPDATE SET due_at = min(due_at, excluded.due_at);
