-- What a change under way makes of a task of ours, and at most one open change a task.

ALTER TABLE task ADD COLUMN sent_hash TEXT; -- visible_hash that a change under way gives the task

CREATE UNIQUE INDEX outbox_one_change ON outbox (object_id)
    WHERE kind IN ('update_task', 'complete_task', 'archive_task') AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED');
CREATE INDEX outbox_object ON outbox (object_id) WHERE object_id IS NOT NULL;
