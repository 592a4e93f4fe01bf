-- Conflicts: who set the value, what was decided, whether to look again. Updates that were refused are found by contact.

ALTER TABLE conflict ADD COLUMN state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'ours', 'theirs')); -- ours: warmline's value goes back; theirs: the property is the people's
ALTER TABLE conflict ADD COLUMN taken_at TEXT; -- when it was decided
ALTER TABLE conflict ADD COLUMN theirs_source TEXT; -- HubSpot's source type of the value: CRM_UI, IMPORT; NULL: not known
ALTER TABLE conflict ADD COLUMN theirs_user_id TEXT;
ALTER TABLE conflict ADD COLUMN theirs_at TEXT; -- since when the value stands in HubSpot
ALTER TABLE conflict ADD COLUMN contact_stamp TEXT; -- the contact's last change as a pull last showed it
ALTER TABLE conflict ADD COLUMN look INTEGER NOT NULL DEFAULT 0 CHECK (look IN (0, 1)); -- a pull showed a later change

CREATE INDEX outbox_refused_update ON outbox (contact_id) WHERE kind = 'update_contact' AND state = 'DEAD';
