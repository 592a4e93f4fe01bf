-- add_hint --
-- A record that a webhook named; once named again, with the latest moment.
INSERT INTO hint (source, noun, remote_id, at, received_at) VALUES (:source, :noun, :id, :at, :now)
ON CONFLICT (source, noun, remote_id) DO UPDATE SET
    at = max(at, excluded.at), received_at = excluded.received_at, times = times + 1;

-- forget_hinted_runs --
-- Runs that read what webhooks named, before a moment: under steady traffic there is one every few seconds.
DELETE FROM run WHERE command = 'run hints' AND started_at < :before;
