-- Contact of anyone on the team with people, by any channel: headers only, one row for each contact it was about.

CREATE TABLE activity (
    source TEXT NOT NULL, -- the stream it was read from, as hubspot.calls: ids are unique within one only
    remote_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('call', 'meeting', 'email', 'whatsapp', 'linkedin', 'sms', 'task', 'other')),
    direction TEXT CHECK (direction IN ('in', 'out')),
    at TEXT NOT NULL,
    outcome TEXT,
    owner_id TEXT,
    duration_s INTEGER,
    remote_updated_at TEXT,
    changed_at TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    PRIMARY KEY (source, remote_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_contact ON activity (contact_id, at);
