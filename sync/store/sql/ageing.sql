-- forget_touch_days --
-- Deletes touch days before the day kept of their kind (:kept, '' for any other kind). The newest touch day of a record
-- nobody ever saw otherwise stays: who was seen long ago is cold, not unscored.
DELETE FROM touch_day
WHERE day < coalesce((SELECT one.value FROM json_each(:kept) AS one WHERE one.key = touch_day.kind), :kept ->> '$.""')
    AND (
        suspect = 1
        OR EXISTS (SELECT 1 FROM contact WHERE touch_day.source = 'hubspot' AND contact.remote_id = touch_day.remote_id AND seen = 1)
        OR EXISTS (
            SELECT 1 FROM touch_day AS newer
            WHERE newer.source = touch_day.source AND newer.remote_id = touch_day.remote_id AND newer.day > touch_day.day
                AND newer.suspect = 0
        )
    )
RETURNING source, remote_id, kind;

-- forget_touch_events --
-- Deletes what events are known by, once their touch day is past keeping.
DELETE FROM touch_event
WHERE day < coalesce((SELECT one.value FROM json_each(:kept) AS one WHERE one.key = touch_event.kind), :kept ->> '$.""');

-- forget_activities --
-- Deletes activities before a moment, but those of people with an open task of warmline's: it may wait for them; and
-- calls in which somebody objected, which holds until a person says otherwise. One that is worth a touch goes with its
-- touch day.
DELETE FROM activity WHERE at < :before
    AND coalesce(touch_day < coalesce((SELECT one.value FROM json_each(:kept) AS one WHERE one.key = touch_kind), :kept ->> '$.""'), true)
    AND coalesce(outcome, '') <> 'do_not_contact' AND NOT EXISTS (
    SELECT 1 FROM person_link AS link JOIN task ON task.person_id = link.person_id
    WHERE link.source = 'hubspot' AND link.remote_id = activity.contact_id
        AND task.marker IS NOT NULL AND task.archived = 0 AND coalesce(task.status, '') <> 'COMPLETED'
);
