-- hold_lease --
-- Renews a lease that still has its token, by SQLite's own clock; touches no row when another worker took it.
UPDATE lease SET renewed_at = (julianday('now') - 2440587.5) * 86400.0
WHERE name = :name AND token = :token;

-- prove_lease --
-- Renews a lease only while it is this worker's and was renewed lately; touches no row when the worker was away.
UPDATE lease SET renewed_at = (julianday('now') - 2440587.5) * 86400.0
WHERE name = :name AND token = :token
    AND abs((julianday('now') - 2440587.5) * 86400.0 - renewed_at) <= :away_after_s;

-- take_lease --
-- Takes a lease that is free, or that the caller found dead or stale in this transaction.
INSERT INTO lease (name, token, host, pid, since, renewed_at)
VALUES (:name, :token, :host, :pid, :since, :renewed_at)
ON CONFLICT (name) DO UPDATE SET
    token = excluded.token, host = excluded.host, pid = excluded.pid, since = excluded.since, renewed_at = excluded.renewed_at;
