-- What records say of consent and objection, with what they said before; when people's retention ends; and whom warmline
-- erased for that, of whom HubSpot and the ATS still hold a record.

CREATE TABLE consent (
    source TEXT NOT NULL, -- of the record that says so, as in person_link
    remote_id TEXT NOT NULL,
    field TEXT NOT NULL, -- where in the record it stands
    purpose TEXT NOT NULL, -- running_application, talent_pool, marketing, profiling; any
    channel TEXT NOT NULL, -- phone, email, message; any
    given INTEGER NOT NULL CHECK (given IN (0, 1)), -- 0: refused
    text_version TEXT NOT NULL DEFAULT '',
    at TEXT, -- when it was given or refused, as the record says
    until TEXT, -- when it ends
    seen_at TEXT NOT NULL, -- when warmline first saw the record say so
    gone_at TEXT, -- since when the record does not say so any more
    PRIMARY KEY (source, remote_id, field, purpose, channel, seen_at)
) STRICT, WITHOUT ROWID;

-- What is in the mirror already says the same.
INSERT INTO consent (source, remote_id, field, purpose, channel, given, until, seen_at)
SELECT source, remote_id, 'can_email', said.value, 'email', can_email, NULL, changed_at
FROM candidate, json_each('["talent_pool", "marketing"]') AS said
WHERE can_email IS NOT NULL AND deleted_at IS NULL AND anonymised_at IS NULL
UNION ALL
SELECT source, remote_id, 'consent_expires_at', 'talent_pool', 'any', 1, consent_expires_at, changed_at
FROM candidate WHERE consent_expires_at IS NOT NULL AND deleted_at IS NULL AND anonymised_at IS NULL
UNION ALL
SELECT 'hubspot', remote_id, 'hs_email_optout', said.value, 'email', 0, NULL, changed_at
FROM contact, json_each('["talent_pool", "marketing"]') AS said WHERE opted_out = 1 AND deleted_at IS NULL
UNION ALL
SELECT 'hubspot', remote_id, 'warmline_do_not_call', 'any', 'phone', 0, NULL, changed_at
FROM contact WHERE do_not_call = 1 AND deleted_at IS NULL
UNION ALL
SELECT 'hubspot', remote_id, 'warmline_no_profiling', 'profiling', 'any', 0, NULL, changed_at
FROM contact WHERE no_profiling = 1 AND deleted_at IS NULL;
UPDATE contact SET row_hash = ''; -- preferences and legal bases come with the next read of everything

CREATE TABLE retention (
    person_id INTEGER NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    ends_at TEXT NOT NULL -- from then on they may not be approached, and are to be erased
) STRICT;
CREATE INDEX retention_ends ON retention (ends_at);

ALTER TABLE erasure ADD COLUMN cause TEXT NOT NULL DEFAULT 'asked' CHECK (cause IN ('asked', 'retention'));

CREATE TABLE erasure_proposal ( -- records HubSpot and the ATS still hold of somebody who was erased for retention
    source TEXT NOT NULL, -- as in person_link
    remote_id TEXT NOT NULL,
    erasure_id TEXT NOT NULL REFERENCES erasure (id) ON DELETE CASCADE,
    ended_at TEXT NOT NULL, -- when their retention ended
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_proposal_erasure ON erasure_proposal (erasure_id);
