-- What applicants were promised, how it went, and the grouped tasks of those who wait for a first reaction.

CREATE TABLE promise ( -- the latest of each kind about an application
    source TEXT NOT NULL,
    application_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('first_reaction', 'interview', 'decision')),
    person_id INTEGER NOT NULL, -- as last decided; the row is found by its application
    contact_id TEXT, -- whom a task about it would be associated with; NULL: none can be made
    job_id TEXT NOT NULL, -- '': an open application, to no vacancy
    owner_id TEXT, -- whose task it would be; NULL: nobody's
    began_at TEXT NOT NULL,
    internal_due_at TEXT NOT NULL,
    public_due_at TEXT NOT NULL, -- by the rule
    moved_at TEXT, -- where a recruiter moved it to
    was_due_at TEXT, -- the date that stood before the present one: a late echo of it is no person's edit
    kept_at TEXT,
    evidence TEXT NOT NULL DEFAULT '',
    ended TEXT NOT NULL DEFAULT '', -- why nobody waits any more though it was not kept
    backlog INTEGER NOT NULL CHECK (backlog IN (0, 1)), -- it was overdue before the first run
    ticked_at TEXT, -- a person completed the grouped task they were in
    group_id INTEGER, -- the grouped task they are or were in
    PRIMARY KEY (source, application_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX promise_person ON promise (person_id);
CREATE INDEX promise_group ON promise (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX promise_waiting ON promise (source, job_id, owner_id) WHERE kind = 'first_reaction' AND kept_at IS NULL AND ended = '';

CREATE TABLE reaction_group ( -- a grouped task: in task and outbox its person_id is minus this id
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    job_id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE, -- the action key of its creation
    wanted TEXT NOT NULL DEFAULT '', -- hash of what it was last planned to show, so that HubSpot's own spelling is no news
    is_left INTEGER NOT NULL DEFAULT 0 CHECK (is_left IN (0, 1)) -- it ended, or a person took it: never written again
) STRICT;
CREATE INDEX reaction_group_live ON reaction_group (source, job_id, owner_id) WHERE is_left = 0;

ALTER TABLE contact ADD COLUMN reply_due_at TEXT; -- warmline_reply_due_at as HubSpot shows it

ALTER TABLE outbox ADD COLUMN contact_ids TEXT NOT NULL DEFAULT '[]'; -- of a grouped task: all it is to be associated with
