-- people_counts --
-- Live candidates and contacts, live candidates whose person also has a live contact, and open reviews.
SELECT
    (SELECT count(*) FROM candidate WHERE deleted_at IS NULL AND anonymised_at IS NULL),
    (SELECT count(*) FROM contact WHERE deleted_at IS NULL),
    (
        SELECT count(*) FROM candidate
        JOIN person_link AS link ON link.source = candidate.source AND link.remote_id = candidate.remote_id
        WHERE candidate.deleted_at IS NULL AND candidate.anonymised_at IS NULL AND EXISTS (
            SELECT 1 FROM person_link AS other JOIN contact ON contact.remote_id = other.remote_id
            WHERE other.person_id = link.person_id AND other.source = 'hubspot' AND contact.deleted_at IS NULL
        )
    ),
    (SELECT count(*) FROM link_review WHERE state = 'open');

-- ats_users --
-- Everybody with an account in an ATS.
SELECT source || ':' || remote_id, lower(email), active FROM ats_user WHERE deleted_at IS NULL ORDER BY source, remote_id;

-- named_recruiters --
-- E-mails that open vacancies and live candidates name as their recruiter, each with a record that does.
SELECT lower(recruiter_email) AS email, 'vacancy ' || min(source || ':' || remote_id) FROM job
WHERE status = 'open' AND deleted_at IS NULL AND recruiter_email <> '' GROUP BY email
UNION ALL
SELECT lower(owner_email) AS email, 'candidate ' || min(source || ':' || remote_id) FROM candidate
WHERE deleted_at IS NULL AND anonymised_at IS NULL AND owner_email <> '' GROUP BY email;

-- unknown_stages --
-- Stages of open vacancies whose meaning is not known, unless only prospects stand in them.
SELECT stage.source, stage.name, count(DISTINCT stage.job_id) FROM job_stage AS stage
JOIN job ON job.source = stage.source AND job.remote_id = stage.job_id
WHERE stage.kind = 'other' AND job.status = 'open' AND job.deleted_at IS NULL
AND coalesce((
    SELECT min(status = 'prospect') FROM application
    WHERE application.source = stage.source AND application.stage_id = stage.remote_id AND application.deleted_at IS NULL
), 0) = 0
GROUP BY stage.source, stage.name ORDER BY stage.source, stage.name;

-- call_list --
-- People with a score, the warmest first.
SELECT person_id, value, band, raw FROM score
WHERE value IS NOT NULL AND EXISTS (SELECT 1 FROM person_link WHERE person_link.person_id = score.person_id)
ORDER BY value DESC, raw DESC, person_id LIMIT :limit OFFSET :offset;

-- listed_people --
-- People with a score, and people a play wants something for.
SELECT person_id FROM score
WHERE (value IS NOT NULL OR EXISTS (SELECT 1 FROM decision WHERE decision.person_id = score.person_id AND wanted = 1))
    AND EXISTS (SELECT 1 FROM person_link WHERE person_link.person_id = score.person_id)
ORDER BY person_id;
