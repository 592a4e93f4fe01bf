-- What webhooks named, the totals behind the metrics, when each stream had news, and what was told of it.

CREATE TABLE hint ( -- a record a vendor says changed; only an address to look at, never what changed
    source TEXT NOT NULL,
    noun TEXT NOT NULL,
    remote_id TEXT NOT NULL, -- '': so many that the stream is read as a whole increment
    at TEXT NOT NULL, -- when it happened, as the vendor says
    received_at TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1, -- named since: another number means named again while it was being read
    PRIMARY KEY (source, noun, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric ( -- totals since this mirror was made: the ledger forgets old runs, and a counter may not fall
    name TEXT NOT NULL,
    labels TEXT NOT NULL DEFAULT '{}',
    value REAL NOT NULL,
    PRIMARY KEY (name, labels)
) STRICT, WITHOUT ROWID;

CREATE TABLE stream_hour ( -- in which hours a stream had news
    stream TEXT NOT NULL,
    hour TEXT NOT NULL, -- UTC 'YYYY-MM-DDTHH'
    rows INTEGER NOT NULL,
    PRIMARY KEY (stream, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident ( -- what is wrong at this moment, and whether it was told
    name TEXT NOT NULL PRIMARY KEY,
    sentence TEXT NOT NULL,
    since TEXT NOT NULL,
    told_at TEXT
) STRICT, WITHOUT ROWID;
