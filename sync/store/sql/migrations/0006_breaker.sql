-- Sources that failed: how often in a row, since when, and until when nothing is asked of them.

CREATE TABLE breaker (
    source TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL, -- of the settings it is reached by; under other settings the row says nothing
    failures INTEGER NOT NULL, -- runs in a row that got nothing from it
    since TEXT NOT NULL, -- the first of them
    reason TEXT NOT NULL,
    retry_at REAL, -- real clock, epoch seconds: not asked before then
    vendor_asks INTEGER NOT NULL DEFAULT 0 CHECK (vendor_asks IN (0, 1)), -- whose wish that is
    parked_until TEXT, -- the day's quota is used up until then
    zone TEXT NOT NULL DEFAULT '' -- the IANA zone that day is counted in
) STRICT, WITHOUT ROWID;
