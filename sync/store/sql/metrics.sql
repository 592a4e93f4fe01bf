-- add_to_metric --
-- A total grows.
INSERT INTO metric (name, labels, value) VALUES (?, ?, ?)
ON CONFLICT (name, labels) DO UPDATE SET value = value + excluded.value;

-- set_metric --
-- A figure as it is now.
INSERT INTO metric (name, labels, value) VALUES (?, ?, ?)
ON CONFLICT (name, labels) DO UPDATE SET value = excluded.value;

-- tasks_made --
-- Of the new tasks with these keys that HubSpot has: the play, when it was made, and the person's last touch before that.
SELECT o.play, o.done_at, (
    SELECT max(t.last_at) FROM person_link AS l
    JOIN touch_day AS t ON t.source = l.source AND t.remote_id = l.remote_id
    WHERE l.person_id = o.person_id AND t.last_at <= o.done_at
)
FROM outbox AS o
WHERE o.key IN (SELECT value FROM json_each(:keys)) AND o.kind = 'create_task' AND o.state = 'DONE';

-- add_stream_hour --
-- A stream had news in an hour.
INSERT INTO stream_hour (stream, hour, rows) VALUES (?, ?, ?)
ON CONFLICT (stream, hour) DO UPDATE SET rows = rows + excluded.rows;

-- outbox_ages --
-- By kind and state that is not settled: how many rows, and since when the longest one waits.
SELECT kind, state, count(*), min(planned_at) FROM outbox
WHERE state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED') GROUP BY kind, state;
