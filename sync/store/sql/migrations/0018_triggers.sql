-- What workflows in HubSpot were told to start from, so that nobody is told twice about a vacancy.

CREATE TABLE contact_trigger (
    contact_id TEXT NOT NULL, -- whose warmline_trigger it is
    name TEXT NOT NULL,
    job_id TEXT NOT NULL, -- the vacancy, of any source
    at TEXT NOT NULL, -- warmline_trigger_at
    until TEXT NOT NULL, -- when it ends by itself
    ended_at TEXT,
    ended_by TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (contact_id, name, job_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_trigger_standing ON contact_trigger (job_id) WHERE ended_at IS NULL;
CREATE INDEX decision_starts ON decision (occasion) WHERE play = 'abandoned_application';
