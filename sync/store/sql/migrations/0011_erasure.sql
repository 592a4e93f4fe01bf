-- People who were forgotten: keyed hashes of what sources may show of them again, and what is still to be done for them.

CREATE TABLE erasure (
    id TEXT NOT NULL PRIMARY KEY, -- random
    scope TEXT NOT NULL CHECK (scope IN ('person', 'ats', 'hubspot')), -- ats, hubspot: that side erased its own record
    state TEXT NOT NULL CHECK (state IN ('asked', 'purged', 'done')), -- purged: HubSpot is still to be cleared
    at TEXT NOT NULL,
    look_until TEXT -- a task sent before may appear in HubSpot until then
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_open ON erasure (state) WHERE state <> 'done';

CREATE TABLE tombstone (
    hash TEXT NOT NULL, -- HMAC-SHA256 of a trait (docs/decisions/0045)
    erasure_id TEXT NOT NULL REFERENCES erasure (id) ON DELETE CASCADE,
    is_contact INTEGER NOT NULL DEFAULT 0 CHECK (is_contact IN (0, 1)), -- of a contact's id: HubSpot counts it, the mirror does not
    PRIMARY KEY (hash, erasure_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_erasure ON tombstone (erasure_id);
CREATE INDEX tombstone_contact ON tombstone (hash) WHERE is_contact = 1;

CREATE TABLE erasure_record ( -- ids still needed to purge the mirror and to clear HubSpot; gone when that is done
    erasure_id TEXT NOT NULL REFERENCES erasure (id) ON DELETE CASCADE,
    source TEXT NOT NULL, -- as in person_link; 'person': a person's id; 'hubspot.tasks': a task's
    remote_id TEXT NOT NULL,
    PRIMARY KEY (erasure_id, source, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comeback ( -- candidates who applied again: they are read anew
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;
