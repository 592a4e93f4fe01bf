-- The mirror of one portal: what both systems said, what warmline made of it, what it wants to write and has written.
-- Times are UTC text 'YYYY-MM-DDTHH:MM:SS.mmmZ' (fixed width, so they sort); days are the team's local 'YYYY-MM-DD'.

CREATE TABLE candidate (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    first_name TEXT,
    name_infix TEXT,
    last_name TEXT,
    email_addresses TEXT NOT NULL DEFAULT '[]',
    phone_numbers TEXT NOT NULL DEFAULT '[]',
    origin TEXT,
    owner_email TEXT,
    can_email INTEGER CHECK (can_email IN (0, 1)),
    consent_expires_at TEXT,
    remote_created_at TEXT,
    remote_updated_at TEXT,
    changed_at TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    deleted_at TEXT,
    anonymised_at TEXT,
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    name TEXT,
    status TEXT NOT NULL CHECK (status IN ('open', 'closed', 'draft', 'archived', 'unknown')),
    confidential INTEGER NOT NULL CHECK (confidential IN (0, 1)),
    recruiter_email TEXT,
    post_url TEXT,
    apply_url TEXT,
    opened_at TEXT,
    closed_at TEXT,
    remote_updated_at TEXT,
    changed_at TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    deleted_at TEXT,
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_stage (
    source TEXT NOT NULL,
    job_id TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    name TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('applied', 'screening', 'interview', 'offer', 'hired', 'other')),
    position INTEGER NOT NULL,
    PRIMARY KEY (source, job_id, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE application (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    candidate_id TEXT,
    job_id TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'hired', 'rejected', 'withdrawn', 'prospect', 'unknown')),
    applied_at TEXT,
    stage_id TEXT,
    stage_entered_at TEXT,
    rejected_at TEXT,
    reject_reason TEXT,
    told_at TEXT,
    hired_at TEXT,
    first_reply_at TEXT,
    origin TEXT,
    remote_updated_at TEXT,
    changed_at TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    deleted_at TEXT,
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX application_candidate ON application (source, candidate_id);

CREATE TABLE stage_transition (
    source TEXT NOT NULL,
    application_id TEXT NOT NULL,
    from_stage_id TEXT,
    to_stage_id TEXT NOT NULL,
    at TEXT NOT NULL,
    exact INTEGER NOT NULL CHECK (exact IN (0, 1)), -- 0: seen by comparing two pulls, so `at` is when it was seen
    PRIMARY KEY (source, application_id, to_stage_id, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE ats_user (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    name TEXT,
    email TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    changed_at TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    deleted_at TEXT,
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attendance (
    source TEXT NOT NULL, -- '<ats>.attendance'
    remote_id TEXT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('registered', 'attended', 'no_show')),
    at TEXT,
    email TEXT,
    phone TEXT,
    first_name TEXT,
    name_infix TEXT,
    last_name TEXT,
    changed_at TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    deleted_at TEXT,
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    remote_id TEXT NOT NULL PRIMARY KEY,
    email TEXT,
    additional_emails TEXT NOT NULL DEFAULT '[]',
    first_name TEXT,
    last_name TEXT,
    phone TEXT,
    mobile_phone TEXT,
    owner_id TEXT,
    lifecycle_stage TEXT,
    deals INTEGER NOT NULL DEFAULT 0,
    opted_out INTEGER NOT NULL DEFAULT 0 CHECK (opted_out IN (0, 1)),
    seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
    stored_candidate_id TEXT,
    band_in_crm TEXT,
    call_back_at TEXT,
    do_not_call INTEGER NOT NULL DEFAULT 0 CHECK (do_not_call IN (0, 1)),
    channel_preference TEXT,
    no_profiling INTEGER NOT NULL DEFAULT 0 CHECK (no_profiling IN (0, 1)),
    tracking_consent INTEGER CHECK (tracking_consent IN (0, 1)),
    merged_ids TEXT NOT NULL DEFAULT '[]',
    remote_created_at TEXT,
    remote_updated_at TEXT,
    changed_at TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    deleted_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_counter ( -- the totals last seen; a delta is measured against them
    contact_id TEXT NOT NULL PRIMARY KEY,
    visits INTEGER NOT NULL,
    last_visit_at TEXT,
    clicks INTEGER NOT NULL,
    last_click_at TEXT,
    replies INTEGER NOT NULL,
    last_reply_at TEXT,
    forms INTEGER NOT NULL,
    last_form_at TEXT,
    last_meeting_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE owner (
    remote_id TEXT NOT NULL PRIMARY KEY,
    email TEXT,
    name TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    changed_at TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    deleted_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE task (
    remote_id TEXT NOT NULL PRIMARY KEY,
    contact_ids TEXT NOT NULL DEFAULT '[]',
    marker TEXT, -- 12 hex of our action key; NULL: a task somebody else made
    status TEXT,
    type TEXT,
    owner_id TEXT,
    due_at TEXT,
    visible_hash TEXT NOT NULL DEFAULT '',
    remote_created_at TEXT,
    completed_at TEXT,
    archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
    remote_updated_at TEXT,
    changed_at TEXT NOT NULL,
    row_hash TEXT NOT NULL,
    -- of our own tasks:
    person_id INTEGER,
    play TEXT,
    written_hash TEXT -- visible_hash when we wrote it: another one now means a person edited the task
) STRICT, WITHOUT ROWID;
CREATE INDEX task_person ON task (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX task_marker ON task (marker) WHERE marker IS NOT NULL;
CREATE INDEX task_unowned ON task (remote_id) WHERE marker IS NOT NULL AND person_id IS NULL;

CREATE TABLE touch_day (
    source TEXT NOT NULL, -- with remote_id: the record the touch was seen on; the person comes through person_link
    remote_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    job_id TEXT NOT NULL DEFAULT '',
    day TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_at TEXT,
    suspect INTEGER NOT NULL DEFAULT 0 CHECK (suspect IN (0, 1)),
    PRIMARY KEY (source, remote_id, kind, job_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE person_link (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    rule TEXT NOT NULL, -- 'self': the record the person was made for
    evidence TEXT NOT NULL DEFAULT '{}', -- names of the fields that agreed, never their values
    rule_version INTEGER NOT NULL,
    made_by TEXT NOT NULL DEFAULT 'warmline',
    at TEXT NOT NULL,
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_link_person ON person_link (person_id);

CREATE TABLE identity_key ( -- blocking keys of live records
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    key TEXT NOT NULL, -- 'email:…' or 'id:…'
    PRIMARY KEY (key, source, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_key_record ON identity_key (source, remote_id);

CREATE TABLE link_review (
    candidate_source TEXT NOT NULL,
    candidate_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    evidence TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'refused')), -- accepted and refused are a person's ruling: for ever
    made_by TEXT NOT NULL DEFAULT 'warmline',
    at TEXT NOT NULL,
    PRIMARY KEY (candidate_source, candidate_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_review_contact ON link_review (contact_id);

CREATE TABLE score (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    value INTEGER,
    raw REAL NOT NULL,
    band TEXT NOT NULL CHECK (band IN ('hot', 'warm', 'cool', 'cold', 'unscored')),
    band_since TEXT NOT NULL,
    last_touch_at TEXT,
    breakdown TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    computed_at TEXT NOT NULL
) STRICT;
CREATE INDEX score_call_order ON score (value DESC, raw DESC, person_id);

CREATE TABLE decision (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    play TEXT NOT NULL,
    occasion TEXT NOT NULL,
    wanted INTEGER NOT NULL CHECK (wanted IN (0, 1)),
    refused TEXT,
    until TEXT,
    owner_id TEXT,
    due_at TEXT,
    ground TEXT,
    why TEXT NOT NULL DEFAULT '[]',
    at TEXT NOT NULL,
    PRIMARY KEY (person_id, play)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    key TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('create_contact', 'update_contact', 'create_task', 'update_task', 'complete_task', 'archive_task')),
    person_id INTEGER NOT NULL,
    contact_id TEXT,
    object_id TEXT,
    play TEXT,
    reason TEXT NOT NULL DEFAULT '',
    owner_id TEXT, -- of a new task: the recruiter whose caps it counts for
    payload TEXT NOT NULL, -- the exact properties to send
    before TEXT NOT NULL DEFAULT '{}',
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'SENT', 'UNKNOWN', 'DONE', 'DEFERRED', 'DEAD', 'WITHDRAWN')),
    lease_token TEXT, -- of the worker that set SENT
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,
    error TEXT NOT NULL DEFAULT '',
    planned_day TEXT NOT NULL,
    planned_at TEXT NOT NULL,
    sent_at TEXT,
    done_at TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_one_update ON outbox (contact_id)
    WHERE kind = 'update_contact' AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED');
CREATE UNIQUE INDEX outbox_one_task ON outbox (person_id)
    WHERE kind = 'create_task' AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED');
CREATE UNIQUE INDEX outbox_one_contact ON outbox (person_id)
    WHERE kind = 'create_contact' AND state IN ('PENDING', 'SENT', 'UNKNOWN', 'DEFERRED');
CREATE INDEX outbox_state ON outbox (state, kind, planned_at); -- whole: SQLite cannot prove that a partial one serves `state = 'PENDING'`
CREATE INDEX outbox_owner_day ON outbox (owner_id, planned_day) WHERE kind = 'create_task';
CREATE INDEX outbox_person ON outbox (person_id);

CREATE TABLE baseline ( -- what warmline last wrote, or adopted, per property
    object TEXT NOT NULL CHECK (object IN ('contact', 'task')),
    object_id TEXT NOT NULL,
    property TEXT NOT NULL,
    value TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (object, object_id, property)
) STRICT, WITHOUT ROWID;

CREATE TABLE conflict ( -- a person's hand edit stands where warmline would write
    object TEXT NOT NULL,
    object_id TEXT NOT NULL,
    property TEXT NOT NULL,
    ours TEXT NOT NULL,
    theirs TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (object, object_id, property)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine ( -- records that could not be mapped: field and reason, never the value
    stream TEXT NOT NULL,
    ref TEXT NOT NULL,
    field TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (stream, ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE file_ledger ( -- the last file read to its end under each name
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    rows INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (source, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot_seen ( -- ids seen since the first page of a snapshot that is still being read
    stream TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    PRIMARY KEY (stream, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_member (
    list_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (list_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_member_contact ON list_member (contact_id);

CREATE TABLE work ( -- what a stage has to look at, and from when. source 'person': remote_id is the person's id
    stage TEXT NOT NULL CHECK (stage IN ('reconcile', 'score', 'decide', 'plan')),
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    due_at TEXT NOT NULL,
    PRIMARY KEY (stage, source, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_due ON work (stage, due_at);

CREATE TABLE cursor (
    stream TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL, -- hash of what is asked for; another one starts the stream anew
    since TEXT, -- end of the last complete window
    until TEXT, -- end of the window being read, NULL between pulls
    token TEXT -- page to go on from inside that window
) STRICT, WITHOUT ROWID;

CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    since TEXT NOT NULL,
    renewed_at REAL NOT NULL -- real clock, epoch seconds
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    id TEXT NOT NULL PRIMARY KEY,
    command TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    complete INTEGER CHECK (complete IN (0, 1)),
    reason TEXT NOT NULL DEFAULT '',
    report TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;
CREATE INDEX run_started ON run (started_at);

CREATE TABLE run_stream (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    stream TEXT NOT NULL,
    fetched INTEGER NOT NULL DEFAULT 0,
    stored INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    duplicate INTEGER NOT NULL DEFAULT 0,
    suppressed INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0,
    deleted INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting ( -- facts about this mirror: portal_id, time of first complete run, rules_version
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
