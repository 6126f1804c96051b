-- The row of an issue changes with every step, so that no log can hold it. What it said after each step is written down
-- here, in the same transaction, and only ever added: a row that differs from its newest fact was changed by somebody else.
-- Not among it: the moments at which the clock looks again (limit_at, next_at), which move without a step.
CREATE TABLE issue_facts (
    -- Begins with the time, as all ids do.
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    version INTEGER NOT NULL,
    -- Whether the row was still as the fact before had it when this step was taken.
    fits BOOLEAN NOT NULL,
    -- SHA-256 of number, subject and body; empty in facts of before there were any.
    words TEXT NOT NULL,
    category_id TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    level TEXT NOT NULL,
    state TEXT NOT NULL,
    is_open BOOLEAN NOT NULL,
    submitted_at TIMESTAMP NOT NULL,
    submitted_by TEXT NOT NULL,
    accepted_at TIMESTAMP,
    lead_unit_id TEXT,
    office_id TEXT,
    handler_id TEXT,
    first_due_on DATE,
    due_on DATE,
    due_at TIMESTAMP,
    provisional BOOLEAN NOT NULL,
    last_kind TEXT NOT NULL,
    last_at TIMESTAMP NOT NULL,
    closure_id TEXT,
    state_at TIMESTAMP NOT NULL,
    replied_at TIMESTAMP,
    review_on DATE,
    supervision TEXT NOT NULL,
    merged_into TEXT,
    round INTEGER NOT NULL,
    UNIQUE (issue_id, version)
);
INSERT INTO issue_facts SELECT
    id, enterprise_id, id, version, true, '', category_id, channel_id, level, state, is_open, submitted_at, submitted_by,
    accepted_at, lead_unit_id, office_id, handler_id, first_due_on, due_on, due_at, provisional, last_kind, last_at,
    closure_id, state_at, replied_at, review_on, supervision, merged_into, round
FROM issues;
CREATE TRIGGER issue_facts_no_update BEFORE UPDATE ON issue_facts BEGIN SELECT RAISE(ABORT, 'rows of issue_facts are append-only'); END;
CREATE TRIGGER issue_facts_no_delete BEFORE DELETE ON issue_facts BEGIN SELECT RAISE(ABORT, 'rows of issue_facts are append-only'); END;
CREATE TRIGGER issue_facts_no_replace BEFORE INSERT ON issue_facts WHEN EXISTS (SELECT 1 FROM issue_facts WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM issue_facts WHERE issue_id = NEW.issue_id AND version = NEW.version) OR EXISTS (SELECT 1 FROM issue_facts WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'rows of issue_facts are append-only: this one is there already'); END;
