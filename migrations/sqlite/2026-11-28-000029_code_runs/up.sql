-- A run issues codes for many enterprises: who asked for which, how far it is. A
-- background job takes it up where it stopped.
CREATE TABLE code_runs (
    id TEXT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    -- Which enterprises, as it was asked for (JSON).
    wish TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('issuing', 'done', 'cancelled')),
    -- Enterprises without a code when it began.
    total INTEGER NOT NULL,
    -- Credit code of the last enterprise that was looked at.
    through TEXT NOT NULL,
    issued INTEGER NOT NULL,
    moved_at TIMESTAMP NOT NULL
);
CREATE INDEX code_runs_by_state ON code_runs (state, at);
CREATE INDEX code_runs_by_time ON code_runs (at, id);

-- The codes of a run, numbered from 1. A code has one line and stays in its run.
CREATE TABLE code_run_lines (
    run_id TEXT NOT NULL REFERENCES code_runs (id),
    line INTEGER NOT NULL,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    code_id TEXT NOT NULL UNIQUE REFERENCES codes (id),
    PRIMARY KEY (run_id, line)
);

INSERT INTO leases (name, holder, until, done) VALUES ('issuing', '', '2000-01-01 00:00:00', '');
CREATE TRIGGER code_run_lines_no_update BEFORE UPDATE ON code_run_lines BEGIN SELECT RAISE(ABORT, 'rows of code_run_lines are append-only'); END;
CREATE TRIGGER code_run_lines_no_delete BEFORE DELETE ON code_run_lines BEGIN SELECT RAISE(ABORT, 'rows of code_run_lines are append-only'); END;
