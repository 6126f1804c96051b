-- Where a rating came from: keyed hashes of the network and of the device, under a key of that time. They
-- compare ratings with one another, and are swept away after a bounded time.
CREATE TABLE rating_traces (
    rating_id TEXT NOT NULL PRIMARY KEY REFERENCES ratings (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    handler_id TEXT NOT NULL REFERENCES staff (id),
    network TEXT NOT NULL,
    device TEXT,
    at TIMESTAMP NOT NULL
);
CREATE INDEX rating_traces_of_network ON rating_traces (network, at);
CREATE INDEX rating_traces_of_device ON rating_traces (device, at);
CREATE INDEX rating_traces_by_time ON rating_traces (at);

-- Why a reviewer should look at a rating. A flag changes no figure, and stays.
CREATE TABLE rating_flags (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    rating_id TEXT NOT NULL REFERENCES ratings (id),
    reason TEXT NOT NULL CHECK (reason IN ('office_network', 'burst_network', 'burst_device', 'shared_device')),
    at TIMESTAMP NOT NULL,
    UNIQUE (rating_id, reason)
);
CREATE INDEX rating_flags_by_time ON rating_flags (at, id);

CREATE TRIGGER rating_flags_no_update BEFORE UPDATE ON rating_flags BEGIN SELECT RAISE(ABORT, 'rows of rating_flags are append-only'); END;
CREATE TRIGGER rating_flags_no_delete BEFORE DELETE ON rating_flags BEGIN SELECT RAISE(ABORT, 'rows of rating_flags are append-only'); END;

-- A reviewer may ask for a review of a flagged rating; what points at an appeal is checked when all of this is done.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE rating_appeals_before AS SELECT * FROM rating_appeals;
DROP TABLE rating_appeals;
CREATE TABLE rating_appeals (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    rating_id TEXT NOT NULL REFERENCES ratings (id),
    ground TEXT NOT NULL CHECK (ground IN ('mistaken', 'malicious', 'suspect')),
    reason TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (rating_id)
);
INSERT INTO rating_appeals SELECT id, enterprise_id, rating_id, ground, reason, at, by FROM rating_appeals_before;
DROP TABLE rating_appeals_before;
CREATE TRIGGER rating_appeals_no_update BEFORE UPDATE ON rating_appeals BEGIN SELECT RAISE(ABORT, 'rows of rating_appeals are append-only'); END;
CREATE TRIGGER rating_appeals_no_delete BEFORE DELETE ON rating_appeals BEGIN SELECT RAISE(ABORT, 'rows of rating_appeals are append-only'); END;
