-- unmoved_contacts --
-- Ids a merge took that are live here, or under which totals, touch days or a link are kept.
SELECT one.value FROM json_each(:ids) AS one
WHERE EXISTS (SELECT 1 FROM contact WHERE remote_id = one.value AND deleted_at IS NULL)
    OR EXISTS (SELECT 1 FROM contact_counter WHERE contact_id = one.value)
    OR EXISTS (SELECT 1 FROM touch_day WHERE source = :source AND remote_id = one.value)
    OR EXISTS (SELECT 1 FROM person_link WHERE source = :source AND remote_id = one.value)
ORDER BY one.key;

-- merge_rulings --
-- A person's ruling about the old contact takes the place of an open review about the new one.
DELETE FROM link_review WHERE contact_id = :new AND state = 'open'
    AND (candidate_source, candidate_id) IN (
        SELECT candidate_source, candidate_id FROM link_review WHERE contact_id = :old AND state <> 'open'
    );

-- merge_touch_days --
-- Adds the old contact's touch days to the new one's.
INSERT INTO touch_day (source, remote_id, kind, job_id, day, count, last_at, suspect)
SELECT source, :new, kind, job_id, day, count, last_at, suspect FROM touch_day
WHERE source = :source AND remote_id = :old
ON CONFLICT (source, remote_id, kind, job_id, day) DO UPDATE SET
    count = count + excluded.count,
    last_at = nullif(max(coalesce(last_at, ''), coalesce(excluded.last_at, '')), ''),
    suspect = min(suspect, excluded.suspect);

-- merge_counters --
-- Adds the old contact's totals to the new one's, so that they are not seen as a rise.
INSERT INTO contact_counter (
    contact_id, visits, last_visit_at, clicks, last_click_at, replies, last_reply_at, forms, last_form_at, last_meeting_at
)
SELECT :new, visits, last_visit_at, clicks, last_click_at, replies, last_reply_at, forms, last_form_at, last_meeting_at
FROM contact_counter WHERE contact_id = :old
ON CONFLICT (contact_id) DO UPDATE SET
    visits = visits + excluded.visits, clicks = clicks + excluded.clicks,
    replies = replies + excluded.replies, forms = forms + excluded.forms,
    last_visit_at = nullif(max(coalesce(last_visit_at, ''), coalesce(excluded.last_visit_at, '')), ''),
    last_click_at = nullif(max(coalesce(last_click_at, ''), coalesce(excluded.last_click_at, '')), ''),
    last_reply_at = nullif(max(coalesce(last_reply_at, ''), coalesce(excluded.last_reply_at, '')), ''),
    last_form_at = nullif(max(coalesce(last_form_at, ''), coalesce(excluded.last_form_at, '')), ''),
    last_meeting_at = nullif(max(coalesce(last_meeting_at, ''), coalesce(excluded.last_meeting_at, '')), '');

-- merge_outbox --
-- Open outbox rows follow, where the new contact has no open update of its own.
UPDATE OR IGNORE outbox SET contact_id = :new, object_id = iif(kind = 'update_contact' AND object_id = :old, :new, object_id)
WHERE contact_id = :old AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED');

-- withdraw_merged_outbox --
-- What could not follow and was not sent is planned anew.
UPDATE outbox SET state = 'WITHDRAWN', done_at = :now
WHERE contact_id = :old AND state IN ('PENDING', 'DEFERRED');

-- tasks_of_contact --
-- Tasks associated with a contact.
SELECT task.remote_id, task.contact_ids FROM task
WHERE EXISTS (SELECT 1 FROM json_each(task.contact_ids) AS one WHERE one.value = :contact_id);
