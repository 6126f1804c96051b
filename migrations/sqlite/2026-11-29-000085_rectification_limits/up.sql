-- How many working days a rectification had when it was opened: what is set otherwise later does not change whether
-- it was in time. One that was opened before there was this table has what is set now.
CREATE TABLE rectification_limits (
    rectification_id TEXT NOT NULL PRIMARY KEY REFERENCES rectifications (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    working_days INTEGER NOT NULL CHECK (working_days >= 0),
    at TIMESTAMP NOT NULL
);
CREATE TRIGGER rectification_limits_no_update BEFORE UPDATE ON rectification_limits BEGIN SELECT RAISE(ABORT, 'rows of rectification_limits are append-only'); END;
CREATE TRIGGER rectification_limits_no_delete BEFORE DELETE ON rectification_limits BEGIN SELECT RAISE(ABORT, 'rows of rectification_limits are append-only'); END;

-- Rectifications put right in time are kept by their last day from now on. Every day is counted anew by the job that
-- keeps the sums, which notices by itself that none of them was counted by these rules.
UPDATE figure_sums SET sums = json_remove(sums, '$.n.fixed_in_time') WHERE sums LIKE '%"fixed_in_time"%';
