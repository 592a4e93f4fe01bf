-- groups_due --
-- Open grouped tasks that are due before :until, with how many applicants in each still wait.
SELECT task.remote_id, task.owner_id, task.due_at, count(*) FROM task
JOIN promise ON promise.group_id = -task.person_id AND promise.kept_at IS NULL AND promise.ended = ''
WHERE task.person_id < 0 AND task.archived = 0 AND coalesce(task.status, '') <> 'COMPLETED'
    AND task.owner_id IS NOT NULL AND task.due_at < :until
GROUP BY task.remote_id ORDER BY task.due_at, task.remote_id;
