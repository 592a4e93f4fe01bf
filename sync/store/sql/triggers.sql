-- triggers_of --
-- Triggers of contacts, in order of their moments.
SELECT contact_id, name, job_id, at, until, ended_at, ended_by FROM contact_trigger
WHERE contact_id IN (SELECT value FROM json_each(:contacts)) ORDER BY contact_id, at, job_id;

-- save_trigger --
-- A trigger as it is now; one that began keeps its moment.
INSERT INTO contact_trigger (contact_id, name, job_id, at, until, ended_at, ended_by)
VALUES (:contact_id, :name, :job_id, :at, :until, :ended_at, :ended_by)
ON CONFLICT (contact_id, name, job_id) DO UPDATE SET ended_at = excluded.ended_at, ended_by = excluded.ended_by
WHERE ended_at IS NOT excluded.ended_at;

-- starters --
-- People who are told about, or wanted to be called about, an application to one of these vacancies that they began.
SELECT link.person_id FROM contact_trigger AS told
JOIN person_link AS link ON link.source = 'hubspot' AND link.remote_id = told.contact_id
WHERE told.ended_at IS NULL AND told.job_id IN (SELECT value FROM json_each(:jobs))
UNION
SELECT person_id FROM decision
WHERE play = 'abandoned_application' AND substr(occasion, 1, length(occasion) - 11) IN (SELECT value FROM json_each(:jobs))
ORDER BY 1;
