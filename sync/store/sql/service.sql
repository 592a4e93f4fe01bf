-- served_applications --
-- Applications that came in from :since on and before :until, prospects left out: whose, about which vacancy, whose task an
-- answer is, when they came in, how they were decided, whether the source holds a reason, and what was promised about them.
SELECT application.source, application.remote_id,
    coalesce('p' || coalesce(link.person_id, first.person_id), application.source || ':' || coalesce(application.candidate_id, application.remote_id)),
    coalesce(first.began_at, application.applied_at), application.job_id,
    coalesce(first.owner_id, interview.owner_id, answer.owner_id), application.status,
    CASE application.status WHEN 'rejected' THEN application.rejected_at WHEN 'hired' THEN application.hired_at END,
    coalesce(application.reject_reason, '') <> '',
    first.began_at, first.internal_due_at, first.public_due_at, first.moved_at, first.kept_at, first.ended, first.backlog,
    interview.began_at, interview.internal_due_at, interview.public_due_at, interview.moved_at, interview.kept_at,
    interview.ended, interview.backlog,
    answer.began_at, answer.internal_due_at, answer.public_due_at, answer.moved_at, answer.kept_at, answer.ended, answer.backlog
FROM application
LEFT JOIN person_link AS link ON link.source = application.source AND link.remote_id = application.candidate_id
LEFT JOIN promise AS first ON first.source = application.source AND first.application_id = application.remote_id
    AND first.kind = 'first_reaction'
LEFT JOIN promise AS interview ON interview.source = application.source AND interview.application_id = application.remote_id
    AND interview.kind = 'interview'
LEFT JOIN promise AS answer ON answer.source = application.source AND answer.application_id = application.remote_id
    AND answer.kind = 'decision'
WHERE application.deleted_at IS NULL AND application.status <> 'prospect'
    AND coalesce(first.began_at, application.applied_at) >= :since AND coalesce(first.began_at, application.applied_at) < :until;

-- sources_with_reasons --
-- Sources that ever showed why somebody was rejected.
SELECT DISTINCT source FROM application WHERE coalesce(reject_reason, '') <> '' AND deleted_at IS NULL;

-- sources_with_applications --
-- Sources of applications.
SELECT DISTINCT source FROM application WHERE deleted_at IS NULL;

-- first_applications --
-- Everybody who ever applied, a row an application: whose, when, how it was decided, and where it came from.
SELECT coalesce('p' || link.person_id, application.source || ':' || coalesce(application.candidate_id, application.remote_id)),
    link.person_id, application.applied_at, application.status, application.hired_at,
    coalesce(nullif(trim(application.origin), ''), nullif(trim(candidate.origin), ''), '')
FROM application
LEFT JOIN person_link AS link ON link.source = application.source AND link.remote_id = application.candidate_id
LEFT JOIN candidate ON candidate.source = application.source AND candidate.remote_id = application.candidate_id
WHERE application.deleted_at IS NULL AND application.status <> 'prospect' AND application.applied_at IS NOT NULL;

-- ends_of_touches --
-- By person: the first and the last touch up to a day, that day included, as 'day moment kind'. :people is [person, day].
-- What belongs to applying itself does not count: the application, and on that day the page to apply.
SELECT person_id, min(told), max(told) FROM (
    SELECT link.person_id, touch.day || ' ' || coalesce(touch.last_at, touch.day || 'T12:00:00.000Z') || ' ' || touch.kind AS told
    FROM json_each(:people) AS due
    CROSS JOIN person_link AS link ON link.person_id = due.value->>0
    CROSS JOIN touch_day AS touch ON touch.source = link.source AND touch.remote_id = link.remote_id
    WHERE touch.suspect = 0 AND touch.kind <> 'application_submitted' AND touch.day <= due.value->>1
        AND (touch.kind <> 'application_started' OR touch.day < due.value->>1)
    UNION ALL
    SELECT link.person_id, one.touch_day || ' ' || one.at || ' ' || one.touch_kind
    FROM json_each(:people) AS due
    CROSS JOIN person_link AS link ON link.person_id = due.value->>0 AND link.source = 'hubspot'
    CROSS JOIN activity AS one ON one.contact_id = link.remote_id AND one.touch_kind IS NOT NULL
    WHERE one.touch_day <= due.value->>1
)
GROUP BY person_id;

-- people_who_never_applied --
-- Who has a score and no application, with where their candidate came from.
SELECT score.person_id, coalesce((
    SELECT max(trim(candidate.origin)) FROM person_link AS own
    JOIN candidate ON candidate.source = own.source AND candidate.remote_id = own.remote_id
    WHERE own.person_id = score.person_id
), '')
FROM score
WHERE score.band <> 'unscored' AND NOT EXISTS (
    SELECT 1 FROM person_link AS own
    JOIN application ON application.source = own.source AND application.candidate_id = own.remote_id
    WHERE own.person_id = score.person_id AND application.deleted_at IS NULL AND application.status <> 'prospect'
);
