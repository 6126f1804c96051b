-- How long a limit is that an assignment set (working days of an assisting unit,
-- working hours of the lead unit's first contact) and that reaches into a year without
-- a published calendar; without a length it is as long as the settings have it.
CREATE TABLE provisional_limits (
    assignment_id TEXT NOT NULL PRIMARY KEY REFERENCES assignments (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    length INTEGER,
    at TIMESTAMP NOT NULL
);

-- Its end, counted again once the calendar was published.
CREATE TABLE recounted_limits (
    assignment_id TEXT NOT NULL PRIMARY KEY REFERENCES assignments (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    due_at TIMESTAMP NOT NULL,
    at TIMESTAMP NOT NULL
);

-- What was counted before there was such a record.
INSERT INTO provisional_limits (assignment_id, enterprise_id, issue_id, length, at)
    SELECT a.id, a.enterprise_id, a.issue_id, NULL, a.at FROM assignments a
    WHERE a.due_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM workdays w WHERE w.status = 'official' AND strftime('%Y', w.day) = strftime('%Y', a.due_at, '+8 hours')
    );

CREATE TRIGGER provisional_limits_no_update BEFORE UPDATE ON provisional_limits BEGIN SELECT RAISE(ABORT, 'rows of provisional_limits are append-only'); END;
CREATE TRIGGER provisional_limits_no_delete BEFORE DELETE ON provisional_limits BEGIN SELECT RAISE(ABORT, 'rows of provisional_limits are append-only'); END;
CREATE TRIGGER recounted_limits_no_update BEFORE UPDATE ON recounted_limits BEGIN SELECT RAISE(ABORT, 'rows of recounted_limits are append-only'); END;
CREATE TRIGGER recounted_limits_no_delete BEFORE DELETE ON recounted_limits BEGIN SELECT RAISE(ABORT, 'rows of recounted_limits are append-only'); END;
