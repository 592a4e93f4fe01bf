-- save_retention --
-- When a person's retention ends.
INSERT INTO retention (person_id, ends_at) VALUES (?, ?)
ON CONFLICT (person_id) DO UPDATE SET ends_at = excluded.ends_at WHERE ends_at <> excluded.ends_at;

-- proposals --
-- Records of people erased for retention that are still where they were, person by person.
SELECT proposal.source, proposal.remote_id, proposal.erasure_id, proposal.ended_at, erasure.at
FROM erasure_proposal AS proposal JOIN erasure ON erasure.id = proposal.erasure_id
ORDER BY proposal.ended_at, proposal.erasure_id, proposal.source, proposal.remote_id;

-- save_proposal --
-- A record that is to be erased where it is.
INSERT INTO erasure_proposal (source, remote_id, erasure_id, ended_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING;
