-- The list of the day, and what recruiters were told.

CREATE TABLE call_rank ( -- the list that was made last; earlier days are not kept
    day TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    person_id INTEGER NOT NULL PRIMARY KEY,
    rank INTEGER NOT NULL CHECK (rank > 0)
) STRICT;

CREATE TABLE notification ( -- what a recruiter was told, by occasion: never told twice
    owner_id TEXT NOT NULL,
    occasion TEXT NOT NULL, -- what it is about, by ids of outside records
    task_id TEXT NOT NULL, -- '': it is about no single task
    state TEXT NOT NULL CHECK (state IN ('SENT', 'DONE', 'FAILED')), -- SENT: on its way, or its answer was lost
    at TEXT NOT NULL,
    PRIMARY KEY (owner_id, occasion)
) STRICT, WITHOUT ROWID;
