-- The audit: what was computed and decided about whom, and who acted; no names, no record ids, no texts. What the rules
-- were, and how the scores lay on each day.

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL, -- random; whose it is stands in audit_subject, as long as the person is in the mirror
    at TEXT NOT NULL,
    event TEXT NOT NULL, -- score, decision, task, review, ruling
    actor TEXT NOT NULL, -- 'warmline', 'person', or 'owner:<id>' of the recruiter whose task it was
    inputs TEXT, -- hash of the touch days a score rests on
    rules TEXT, -- version of the score's rules: rules_used
    score INTEGER,
    band TEXT,
    play TEXT,
    outcome TEXT, -- of a decision: wanted, ended, or the refusal; of the others: what was done
    ground TEXT,
    task TEXT -- the task's marker: 12 hex of its action key
) STRICT;
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_of_subject ON audit (subject, id);

CREATE TABLE audit_subject ( -- the only way from the audit to a person: without its row the lines are nobody's
    subject TEXT NOT NULL PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_subject_person ON audit_subject (person_id);

CREATE TABLE rules_used ( -- the score's rules in full, by version
    version TEXT NOT NULL PRIMARY KEY,
    rules TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE band_day ( -- how many people were in each band on a local day
    day TEXT NOT NULL,
    band TEXT NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (day, band)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'a line of the audit is never changed'); END;

CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a line of the audit is never changed'); END;

-- Half a year is counted back from the newest line, so that no clock can be turned to get round it.
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
WHEN julianday((SELECT max(at) FROM audit)) - julianday(OLD.at) < 183
BEGIN SELECT RAISE(ABORT, 'a line of the audit is kept for half a year'); END;

-- What people do reaches these tables by many ways (reads, receipts, the review desk), hence triggers.
CREATE TRIGGER audit_task AFTER UPDATE OF status, archived, owner_id ON task
WHEN NEW.marker IS NOT NULL AND NEW.person_id IS NOT NULL AND (
    (NEW.status = 'COMPLETED' AND coalesce(OLD.status, '') <> 'COMPLETED')
    OR NEW.archived > OLD.archived
    OR (NEW.owner_id <> OLD.owner_id AND NEW.archived = 0)
) AND NOT EXISTS (
    SELECT 1 FROM outbox WHERE object_id = NEW.remote_id AND state IN ('SENT', 'UNKNOWN', 'DONE') AND attempts > 0 AND (
        (kind = 'complete_task' AND NEW.status = 'COMPLETED') OR (kind = 'archive_task' AND NEW.archived = 1)
        OR (kind = 'update_task' AND NEW.archived = 0 AND payload->>'hubspot_owner_id' = NEW.owner_id)
    )
)
BEGIN
    INSERT INTO audit (subject, at, event, actor, play, outcome, task)
    SELECT coalesce((SELECT min(subject) FROM audit_subject WHERE person_id = NEW.person_id), 'unlinked'), NEW.changed_at, 'task',
        iif(NEW.archived = 0 AND NEW.owner_id IS NOT NULL, 'owner:' || NEW.owner_id, 'person'), NEW.play,
        iif(NEW.archived > OLD.archived, 'deleted', iif(NEW.status = 'COMPLETED', 'completed', 'reassigned')), NEW.marker;
END;

CREATE TRIGGER audit_review AFTER UPDATE OF state ON link_review
WHEN NEW.state <> OLD.state
BEGIN
    INSERT INTO audit (subject, at, event, actor, outcome)
    SELECT coalesce((
        SELECT min(subject) FROM audit_subject JOIN person_link AS link USING (person_id)
        WHERE link.source = NEW.candidate_source AND link.remote_id = NEW.candidate_id
    ), 'unlinked'), NEW.at, 'review', 'person', NEW.state;
END;

CREATE TRIGGER audit_ruling AFTER UPDATE OF state ON conflict
WHEN NEW.state <> OLD.state AND NEW.object = 'contact'
BEGIN
    INSERT INTO audit (subject, at, event, actor, outcome)
    SELECT coalesce((
        SELECT min(subject) FROM audit_subject JOIN person_link AS link USING (person_id)
        WHERE link.source = 'hubspot' AND link.remote_id = NEW.object_id
    ), 'unlinked'), coalesce(NEW.taken_at, NEW.at), 'ruling', 'person', NEW.state || ' ' || NEW.property;
END;
