-- application_positions --
-- Candidate and stage of applications, live or not.
SELECT remote_id, candidate_id, stage_id, stage_entered_at FROM application
WHERE source = :source AND remote_id IN (SELECT value FROM json_each(:ids));

-- own_new_tasks --
-- Gives tasks that carry our marker the person and play of the outbox row that made them.
-- The marker is the start of the row's key; as a range, so that the primary key serves it ('g' follows the last hex digit).
UPDATE task SET person_id = made.person_id, play = made.play
FROM json_each(:ids) AS asked, outbox AS made
WHERE task.remote_id = asked.value AND task.person_id IS NULL AND task.marker IS NOT NULL
    AND made.kind = 'create_task' AND made.key >= task.marker AND made.key < task.marker || 'g';

-- keep_first_sight --
-- How an own task looked when it was first read, where the answer to its creation did not tell.
UPDATE task SET written_hash = visible_hash
WHERE remote_id IN (SELECT value FROM json_each(:ids)) AND person_id IS NOT NULL AND written_hash IS NULL;

-- adopt_tasks --
-- Gives tasks with our marker and without a person to the person of a contact they belong to; to-dos only when asked, since they may be many people's. One that changed more
-- than a minute after it was made counts as edited ('' is the hash of nothing): who changed it is not known any more.
UPDATE task SET person_id = owner.person_id, written_hash = coalesce(written_hash, iif(
    (julianday(remote_updated_at) - julianday(remote_created_at)) * 1440 <= 1, visible_hash, ''
))
FROM (
    SELECT orphan.remote_id, min(link.person_id) AS person_id
    FROM task AS orphan, json_each(orphan.contact_ids) AS contact
    JOIN person_link AS link ON link.source = 'hubspot' AND link.remote_id = contact.value
    WHERE orphan.marker IS NOT NULL AND orphan.person_id IS NULL AND (:todos OR coalesce(orphan.type, '') <> 'TODO')
    GROUP BY orphan.remote_id
) AS owner
WHERE task.remote_id = owner.remote_id
RETURNING task.person_id;

-- add_touch_day --
-- Adds touches to a day; a day with one valid touch is not suspect.
INSERT INTO touch_day (source, remote_id, kind, job_id, day, count, last_at, suspect)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (source, remote_id, kind, job_id, day) DO UPDATE SET
    count = count + excluded.count,
    last_at = nullif(max(coalesce(last_at, ''), coalesce(excluded.last_at, '')), ''),
    suspect = min(suspect, excluded.suspect);

-- drop_touch_days --
-- Deletes the touch days of some kinds of some records.
DELETE FROM touch_day WHERE (source, remote_id, kind) IN (
    SELECT ref.value->>0, ref.value->>1, kind.value FROM json_each(:refs) AS ref, json_each(:kinds) AS kind
);

-- save_counters --
-- The totals last seen of a contact.
INSERT INTO contact_counter (
    contact_id, visits, last_visit_at, clicks, last_click_at, replies, last_reply_at, forms, last_form_at, last_meeting_at,
    last_page_at, page_kind, page_job
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (contact_id) DO UPDATE SET
    visits = excluded.visits, last_visit_at = excluded.last_visit_at,
    clicks = excluded.clicks, last_click_at = excluded.last_click_at,
    replies = excluded.replies, last_reply_at = excluded.last_reply_at,
    forms = excluded.forms, last_form_at = excluded.last_form_at,
    last_meeting_at = excluded.last_meeting_at,
    last_page_at = excluded.last_page_at, page_kind = excluded.page_kind, page_job = excluded.page_job;
