-- The whole workflow: what an issue waits for, who asked for what, who ruled how.

-- Since when the issue is in its state; the last dated reply to the owner; the
-- next review of a deferral; how far it was urged; the limit that passes next
-- (derived, so that the clocks' job finds it by an index); the issue it was
-- merged into; and how often it was handled.
ALTER TABLE issues ADD COLUMN state_at TIMESTAMP NOT NULL DEFAULT '2026-01-01 00:00:00';
ALTER TABLE issues ADD COLUMN replied_at TIMESTAMP;
ALTER TABLE issues ADD COLUMN review_on DATE;
ALTER TABLE issues ADD COLUMN supervision TEXT NOT NULL DEFAULT 'none' CHECK (supervision IN ('none', 'reminded', 'supervised', 'escalated', 'reported'));
ALTER TABLE issues ADD COLUMN next_clock TEXT;
ALTER TABLE issues ADD COLUMN next_at TIMESTAMP;
ALTER TABLE issues ADD COLUMN merged_into TEXT REFERENCES issues (id);
ALTER TABLE issues ADD COLUMN round INTEGER NOT NULL DEFAULT 1;
CREATE INDEX issues_by_next ON issues (next_at, id);
CREATE INDEX issues_merged ON issues (merged_into);

-- When an assisting unit has to answer; for the lead unit the promise stands in the issue.
ALTER TABLE assignments ADD COLUMN due_at TIMESTAMP;
CREATE INDEX assignments_of_unit ON assignments (unit_id, part, issue_id);

-- Who to call about an issue. Private, and apart, so that it can be erased.
CREATE TABLE issue_contacts (
    issue_id TEXT NOT NULL PRIMARY KEY REFERENCES issues (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    name TEXT NOT NULL,
    phone TEXT NOT NULL
);

-- The reference under which a channel's own system knows an issue.
CREATE TABLE issue_references (
    channel_id TEXT NOT NULL REFERENCES channels (id),
    reference TEXT NOT NULL,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    PRIMARY KEY (channel_id, reference)
);

-- What a unit asks the centre for; a ruling ends it.
CREATE TABLE requests (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    kind TEXT NOT NULL CHECK (kind IN ('extension', 'return', 'deferral')),
    unit_id TEXT NOT NULL REFERENCES units (id),
    reason TEXT NOT NULL,
    working_days INTEGER,
    review_on DATE,
    suggested_unit_id TEXT REFERENCES units (id),
    note TEXT,
    from_state TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX requests_of_issue ON requests (enterprise_id, issue_id, at);

CREATE TABLE rulings (
    request_id TEXT NOT NULL PRIMARY KEY REFERENCES requests (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    decision TEXT NOT NULL CHECK (decision IN ('granted', 'refused')),
    note TEXT,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);

-- An assisting unit's answer.
CREATE TABLE assist_replies (
    assignment_id TEXT NOT NULL PRIMARY KEY REFERENCES assignments (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    reply TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);

-- A conference of departments, and its minutes.
CREATE TABLE conferences (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    subject TEXT NOT NULL,
    units TEXT NOT NULL,
    planned_on DATE NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX conferences_of_issue ON conferences (enterprise_id, issue_id, at);

CREATE TABLE conference_minutes (
    conference_id TEXT NOT NULL PRIMARY KEY REFERENCES conferences (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    held_on DATE NOT NULL,
    minutes TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    due_on DATE NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);

CREATE TABLE deferrals (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    reason TEXT NOT NULL,
    review_on DATE NOT NULL,
    working_days_left INTEGER NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX deferrals_of_issue ON deferrals (enterprise_id, issue_id, at);

-- Handling goes on after a deferral; the promise is counted again from the working days left.
CREATE TABLE resumptions (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    from_on DATE NOT NULL,
    to_on DATE NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX resumptions_of_issue ON resumptions (enterprise_id, issue_id, at);

-- Every reminder, supervision, escalation and notice, by people or by the clock.
CREATE TABLE supervisions (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    kind TEXT NOT NULL CHECK (kind IN ('urged', 'reminded', 'supervised', 'escalated', 'reported')),
    clock TEXT,
    unit_id TEXT REFERENCES units (id),
    note TEXT,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX supervisions_of_issue ON supervisions (enterprise_id, issue_id, at);

-- A bad rating or an objection opens the one rectification of a closure; unit and
-- handler are the frozen ones. What was done about it.
CREATE TABLE rectifications (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    closure_id TEXT NOT NULL REFERENCES closures (id),
    rating_id TEXT REFERENCES ratings (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    handler_id TEXT NOT NULL REFERENCES staff (id),
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (closure_id)
);
CREATE INDEX rectifications_of_issue ON rectifications (enterprise_id, issue_id, at);

CREATE TABLE rectification_steps (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    rectification_id TEXT NOT NULL REFERENCES rectifications (id),
    kind TEXT NOT NULL CHECK (kind IN ('contacted', 'fixed')),
    note TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX rectification_steps_of ON rectification_steps (enterprise_id, rectification_id, at);

-- What the enterprise said on the telephone (回访), and what came of it.
CREATE TABLE follow_ups (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    closure_id TEXT NOT NULL REFERENCES closures (id),
    reached BOOLEAN NOT NULL,
    contacted TEXT CHECK (contacted IN ('yes', 'no')),
    solved TEXT CHECK (solved IN ('yes', 'partly', 'no')),
    satisfaction TEXT CHECK (satisfaction IN ('very_satisfied', 'satisfied', 'basically_satisfied', 'dissatisfied', 'very_dissatisfied')),
    note TEXT,
    decision TEXT NOT NULL CHECK (decision IN ('archived', 'reopened')),
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX follow_ups_of_issue ON follow_ups (enterprise_id, issue_id, at);

-- What happened stays.
CREATE TRIGGER requests_no_update BEFORE UPDATE ON requests BEGIN SELECT RAISE(ABORT, 'rows of requests are append-only'); END;
CREATE TRIGGER requests_no_delete BEFORE DELETE ON requests BEGIN SELECT RAISE(ABORT, 'rows of requests are append-only'); END;
CREATE TRIGGER rulings_no_update BEFORE UPDATE ON rulings BEGIN SELECT RAISE(ABORT, 'rows of rulings are append-only'); END;
CREATE TRIGGER rulings_no_delete BEFORE DELETE ON rulings BEGIN SELECT RAISE(ABORT, 'rows of rulings are append-only'); END;
CREATE TRIGGER assist_replies_no_update BEFORE UPDATE ON assist_replies BEGIN SELECT RAISE(ABORT, 'rows of assist_replies are append-only'); END;
CREATE TRIGGER assist_replies_no_delete BEFORE DELETE ON assist_replies BEGIN SELECT RAISE(ABORT, 'rows of assist_replies are append-only'); END;
CREATE TRIGGER conferences_no_update BEFORE UPDATE ON conferences BEGIN SELECT RAISE(ABORT, 'rows of conferences are append-only'); END;
CREATE TRIGGER conferences_no_delete BEFORE DELETE ON conferences BEGIN SELECT RAISE(ABORT, 'rows of conferences are append-only'); END;
CREATE TRIGGER conference_minutes_no_update BEFORE UPDATE ON conference_minutes BEGIN SELECT RAISE(ABORT, 'rows of conference_minutes are append-only'); END;
CREATE TRIGGER conference_minutes_no_delete BEFORE DELETE ON conference_minutes BEGIN SELECT RAISE(ABORT, 'rows of conference_minutes are append-only'); END;
CREATE TRIGGER deferrals_no_update BEFORE UPDATE ON deferrals BEGIN SELECT RAISE(ABORT, 'rows of deferrals are append-only'); END;
CREATE TRIGGER deferrals_no_delete BEFORE DELETE ON deferrals BEGIN SELECT RAISE(ABORT, 'rows of deferrals are append-only'); END;
CREATE TRIGGER resumptions_no_update BEFORE UPDATE ON resumptions BEGIN SELECT RAISE(ABORT, 'rows of resumptions are append-only'); END;
CREATE TRIGGER resumptions_no_delete BEFORE DELETE ON resumptions BEGIN SELECT RAISE(ABORT, 'rows of resumptions are append-only'); END;
CREATE TRIGGER supervisions_no_update BEFORE UPDATE ON supervisions BEGIN SELECT RAISE(ABORT, 'rows of supervisions are append-only'); END;
CREATE TRIGGER supervisions_no_delete BEFORE DELETE ON supervisions BEGIN SELECT RAISE(ABORT, 'rows of supervisions are append-only'); END;
CREATE TRIGGER rectifications_no_update BEFORE UPDATE ON rectifications BEGIN SELECT RAISE(ABORT, 'rows of rectifications are append-only'); END;
CREATE TRIGGER rectifications_no_delete BEFORE DELETE ON rectifications BEGIN SELECT RAISE(ABORT, 'rows of rectifications are append-only'); END;
CREATE TRIGGER rectification_steps_no_update BEFORE UPDATE ON rectification_steps BEGIN SELECT RAISE(ABORT, 'rows of rectification_steps are append-only'); END;
CREATE TRIGGER rectification_steps_no_delete BEFORE DELETE ON rectification_steps BEGIN SELECT RAISE(ABORT, 'rows of rectification_steps are append-only'); END;
CREATE TRIGGER follow_ups_no_update BEFORE UPDATE ON follow_ups BEGIN SELECT RAISE(ABORT, 'rows of follow_ups are append-only'); END;
CREATE TRIGGER follow_ups_no_delete BEFORE DELETE ON follow_ups BEGIN SELECT RAISE(ABORT, 'rows of follow_ups are append-only'); END;
