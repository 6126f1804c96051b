-- The life of a code after it was issued, and how often it is scanned.

-- Why a code ended, as one of a list; beside it stands what somebody wrote.
ALTER TABLE code_endings ADD COLUMN reason_code TEXT NOT NULL DEFAULT 'other'
    CHECK (reason_code IN ('lost', 'damaged', 'moved', 'renamed', 'closed', 'mistaken', 'compromised', 'other'));
CREATE INDEX code_endings_by_time ON code_endings (at, code_id);

-- A code that is suspended answers nothing until it is resumed. Both are records.
CREATE TABLE code_suspensions (
    id TEXT NOT NULL PRIMARY KEY,
    code_id TEXT NOT NULL REFERENCES codes (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    reason_code TEXT NOT NULL
        CHECK (reason_code IN ('lost', 'damaged', 'moved', 'renamed', 'closed', 'mistaken', 'compromised', 'other')),
    reason TEXT NOT NULL
);
CREATE INDEX code_suspensions_of_code ON code_suspensions (code_id, at);

CREATE TABLE code_resumptions (
    suspension_id TEXT NOT NULL PRIMARY KEY REFERENCES code_suspensions (id),
    code_id TEXT NOT NULL REFERENCES codes (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);

-- Scans of a code on a day of the centre's calendar: a number and nothing else.
CREATE TABLE code_scans (
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    code_id TEXT NOT NULL REFERENCES codes (id),
    day DATE NOT NULL,
    scans INTEGER NOT NULL,
    PRIMARY KEY (enterprise_id, code_id, day)
);
CREATE INDEX code_scans_of_code ON code_scans (code_id, day);

CREATE INDEX codes_by_time ON codes (issued_at, id);

CREATE TRIGGER code_suspensions_no_update BEFORE UPDATE ON code_suspensions BEGIN SELECT RAISE(ABORT, 'rows of code_suspensions are append-only'); END;
CREATE TRIGGER code_suspensions_no_delete BEFORE DELETE ON code_suspensions BEGIN SELECT RAISE(ABORT, 'rows of code_suspensions are append-only'); END;
CREATE TRIGGER code_resumptions_no_update BEFORE UPDATE ON code_resumptions BEGIN SELECT RAISE(ABORT, 'rows of code_resumptions are append-only'); END;
CREATE TRIGGER code_resumptions_no_delete BEFORE DELETE ON code_resumptions BEGIN SELECT RAISE(ABORT, 'rows of code_resumptions are append-only'); END;
