-- What kind of task a play asks for, and the application it is about.
ALTER TABLE decision ADD COLUMN type TEXT NOT NULL DEFAULT 'CALL';
ALTER TABLE decision ADD COLUMN priority TEXT NOT NULL DEFAULT 'MEDIUM';
ALTER TABLE decision ADD COLUMN application TEXT NOT NULL DEFAULT '';
