-- Where a vacancy is, as the ATS words it; NULL: it does not say.
ALTER TABLE job ADD COLUMN location TEXT;

-- A vacancy that only a page of the site names is kept apart from the ATS's ids.
UPDATE touch_day SET job_id = 'page:' || job_id
WHERE source = 'hubspot' AND job_id <> '' AND job_id NOT IN (SELECT remote_id FROM job);
UPDATE touch_event SET job_id = 'page:' || job_id
WHERE job_id <> '' AND job_id NOT IN (SELECT remote_id FROM job);

-- Valid touch days by person. `until`: from this day an application that was started is submitted, and counts as that only
-- (docs/scoring.md); where one of the two vacancies is not known, it may be the same.
CREATE VIEW valid_touch AS
SELECT link.person_id, touch.kind, touch.day, touch.last_at,
    CASE WHEN touch.kind = 'application_started' THEN (
        SELECT min(done.day) FROM person_link AS own
        CROSS JOIN touch_day AS done ON done.source = own.source AND done.remote_id = own.remote_id
        WHERE own.person_id = link.person_id AND done.kind = 'application_submitted' AND done.suspect = 0
        AND done.day >= touch.day AND (
            done.job_id = touch.job_id OR done.job_id = '' OR touch.job_id = ''
            OR (done.job_id LIKE 'page:%') <> (touch.job_id LIKE 'page:%')
        )
    ) END AS until
FROM person_link AS link
CROSS JOIN touch_day AS touch ON touch.source = link.source AND touch.remote_id = link.remote_id
WHERE touch.suspect = 0;

-- Links undone since the next score: of the record (source, remote_id) and of who lost it ('person', id). Their bands owe
-- themselves to both together. `known_since`: when the mirror first knew who they were.
CREATE TABLE undone_link (
    source TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    known_since TEXT NOT NULL,
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;
