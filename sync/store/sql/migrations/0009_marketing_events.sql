-- Marketing events of HubSpot with who takes part, the attendances of sign-in sheets put into HubSpot, and since when
-- contacts are on a list.

CREATE TABLE marketing_event (
    remote_id TEXT NOT NULL PRIMARY KEY,
    name TEXT,
    starts_at TEXT,
    ends_at TEXT,
    mark TEXT NOT NULL, -- of the event as its participants were last read: while it stays they are not read again
    changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE participation (
    event_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('registered', 'attended', 'cancelled', 'no_show')),
    at TEXT,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (event_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX participation_contact ON participation (contact_id);

CREATE TABLE attendance_write ( -- one a contact and event, for ever: that is what makes it once
    event_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    at TEXT NOT NULL, -- the moment sent; sent again it is the same attendance to HubSpot
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'SENT', 'DONE', 'DEAD')), -- SENT: no certain answer yet
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    planned_at TEXT NOT NULL,
    sent_at TEXT,
    done_at TEXT,
    PRIMARY KEY (event_id, contact_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE list_member ADD COLUMN joined_at TEXT;
