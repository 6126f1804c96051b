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

CREATE TRIGGER rating_flags_append_only BEFORE UPDATE OR DELETE ON rating_flags FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_flags_no_truncate BEFORE TRUNCATE ON rating_flags FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A reviewer may ask for a review of a flagged rating.
ALTER TABLE rating_appeals DROP CONSTRAINT rating_appeals_ground_check;
ALTER TABLE rating_appeals ADD CONSTRAINT rating_appeals_ground_check CHECK (ground IN ('mistaken', 'malicious', 'suspect'));
