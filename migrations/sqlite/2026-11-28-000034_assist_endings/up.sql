-- A unit that was asked to assist and was then given the lead owes no answer of its
-- own any more: its task ended with the assignment that gave it the lead.
CREATE TABLE assist_endings (
    assignment_id TEXT NOT NULL PRIMARY KEY REFERENCES assignments (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
INSERT INTO assist_endings (assignment_id, enterprise_id, issue_id, at, by)
    SELECT a.id, a.enterprise_id, a.issue_id, CURRENT_TIMESTAMP, 'clock'
    FROM assignments a JOIN issues i ON i.id = a.issue_id AND i.lead_unit_id = a.unit_id
    WHERE a.part = 'assisting' AND NOT EXISTS (SELECT 1 FROM assist_replies r WHERE r.assignment_id = a.id);

CREATE TRIGGER assist_endings_no_update BEFORE UPDATE ON assist_endings BEGIN SELECT RAISE(ABORT, 'rows of assist_endings are append-only'); END;
CREATE TRIGGER assist_endings_no_delete BEFORE DELETE ON assist_endings BEGIN SELECT RAISE(ABORT, 'rows of assist_endings are append-only'); END;
