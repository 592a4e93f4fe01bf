-- What an activity says of the person's own interest: its touch kind and local day; NULL: nothing.
ALTER TABLE activity ADD COLUMN touch_kind TEXT;
ALTER TABLE activity ADD COLUMN touch_day TEXT;
