-- waiting_viewers --
-- People with writes that were not sent yet who looked at one of these vacancies (:jobs, ids of any source): their texts
-- may name it.
SELECT DISTINCT waiting.person_id
FROM outbox AS waiting
CROSS JOIN person_link AS link ON link.person_id = waiting.person_id
CROSS JOIN touch_day AS touch ON touch.source = link.source AND touch.remote_id = link.remote_id
WHERE waiting.state IN ('PENDING', 'DEFERRED') AND touch.job_id IN (SELECT value FROM json_each(:jobs))
ORDER BY waiting.person_id;
