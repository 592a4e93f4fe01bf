-- save_consent --
-- What a record says from now on; said anew at the very moment it ended, it goes on.
INSERT INTO consent (source, remote_id, field, purpose, channel, given, text_version, at, until, seen_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (source, remote_id, field, purpose, channel, seen_at) DO UPDATE SET
    given = excluded.given, text_version = excluded.text_version, at = excluded.at, until = excluded.until, gone_at = NULL;

-- end_consent --
-- What a record said and does not say any more.
UPDATE consent SET gone_at = ?
WHERE source = ? AND remote_id = ? AND field = ? AND purpose = ? AND channel = ? AND gone_at IS NULL;

-- consents --
-- What records say now.
SELECT source, remote_id, field, purpose, channel, given, text_version, at, until, seen_at FROM consent
WHERE (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs)) AND gone_at IS NULL
ORDER BY source, remote_id, field, purpose, channel, seen_at;
