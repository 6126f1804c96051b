DROP INDEX issue_contacts_by_email;
-- The older schema knows no such reasons; flags that bear one go.
CREATE TABLE rating_flags_before AS SELECT * FROM rating_flags;
DROP TABLE rating_flags;
CREATE TABLE rating_flags (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    rating_id TEXT NOT NULL REFERENCES ratings (id),
    reason TEXT NOT NULL CHECK (reason IN ('office_network', 'burst_network', 'burst_device', 'shared_device')),
    at TIMESTAMP NOT NULL,
    UNIQUE (rating_id, reason)
);
INSERT INTO rating_flags SELECT id, enterprise_id, rating_id, reason, at FROM rating_flags_before WHERE reason NOT IN ('fresh_pin', 'staff_address');
DROP TABLE rating_flags_before;
CREATE INDEX rating_flags_by_time ON rating_flags (at, id);
CREATE TRIGGER rating_flags_no_update BEFORE UPDATE ON rating_flags BEGIN SELECT RAISE(ABORT, 'rows of rating_flags are append-only'); END;
CREATE TRIGGER rating_flags_no_delete BEFORE DELETE ON rating_flags BEGIN SELECT RAISE(ABORT, 'rows of rating_flags are append-only'); END;
CREATE TRIGGER rating_flags_no_replace BEFORE INSERT ON rating_flags WHEN EXISTS (SELECT 1 FROM rating_flags WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM rating_flags WHERE rating_id = NEW.rating_id AND reason = NEW.reason) OR EXISTS (SELECT 1 FROM rating_flags WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'rows of rating_flags are append-only: this one is there already'); END;
