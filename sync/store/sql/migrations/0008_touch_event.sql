-- Single events behind touch days, so that one shown twice counts once, and the page of the latest visit.

CREATE TABLE touch_event (
    id_hash TEXT NOT NULL PRIMARY KEY, -- of the stream and the event's own id
    stream TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    job_id TEXT NOT NULL DEFAULT '',
    day TEXT NOT NULL, -- with contact, kind and job: its touch day
    rule TEXT NOT NULL DEFAULT '', -- what makes it suspect; '': nothing
    own_rule TEXT NOT NULL DEFAULT '', -- the part of that which the event betrays by itself
    at TEXT, -- this and what follows only while late events may still come
    mail TEXT,
    link TEXT,
    delivered_at TEXT,
    device TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX touch_event_stream ON touch_event (stream, day);
CREATE INDEX touch_event_day ON touch_event (contact_id, day);
CREATE INDEX touch_event_open ON touch_event (day) WHERE at IS NOT NULL;

CREATE TABLE form_due ( -- a form HubSpot counted, until the submission itself is found
    contact_id TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE contact_counter ADD COLUMN last_page_at TEXT;
ALTER TABLE contact_counter ADD COLUMN page_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_counter ADD COLUMN page_job TEXT NOT NULL DEFAULT '';

CREATE INDEX contact_email ON contact (lower(email)) WHERE deleted_at IS NULL;
CREATE INDEX contact_more_emails ON contact (remote_id) WHERE additional_emails <> '[]' AND deleted_at IS NULL;
