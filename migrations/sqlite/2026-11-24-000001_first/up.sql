-- Ids and times are made by the application (UUIDv7 text, UTC timestamps).
-- Everything below an enterprise carries enterprise_id, so that the data can be
-- distributed by enterprise later. State is a record with an author and a date.

CREATE TABLE units (
    id TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE offices (
    id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL REFERENCES units (id),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    phone TEXT NOT NULL
);

CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    post TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    office_id TEXT REFERENCES offices (id),
    created_at TIMESTAMP NOT NULL,
    disabled_at TIMESTAMP
);

CREATE TABLE staff_roles (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    role TEXT NOT NULL CHECK (role IN ('code_issuer', 'intake_officer', 'dispatcher', 'unit_administrator', 'handler', 'closure_reviewer', 'follow_up_officer', 'supervisor', 'leader', 'performance_reviewer', 'auditor', 'administrator')),
    PRIMARY KEY (staff_id, role)
);

CREATE TABLE staff_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    refresh_hash TEXT NOT NULL UNIQUE,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);

CREATE TABLE channels (
    id TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE categories (
    id TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    grade TEXT NOT NULL CHECK (grade IN ('immediate', 'simple', 'general', 'complex', 'cross_department', 'urgent2h', 'urgent24h')),
    limit_working_days INTEGER,
    limit_hours INTEGER,
    lead_unit_id TEXT REFERENCES units (id),
    position INTEGER NOT NULL,
    CHECK ((limit_working_days IS NULL) <> (limit_hours IS NULL))
);

CREATE TABLE workdays (
    day DATE NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('holiday', 'workday')),
    status TEXT NOT NULL
);

CREATE TABLE enterprises (
    id TEXT NOT NULL PRIMARY KEY,
    uscc TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    search_key TEXT NOT NULL,
    registered_at TIMESTAMP NOT NULL,
    registered_by TEXT NOT NULL
);
CREATE INDEX enterprises_by_name ON enterprises (name, id);

CREATE TABLE codes (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    kid INTEGER NOT NULL CHECK (kid BETWEEN 1 AND 255),
    issued_at TIMESTAMP NOT NULL,
    issued_by TEXT NOT NULL
);
CREATE INDEX codes_by_enterprise ON codes (enterprise_id, issued_at);
CREATE INDEX codes_by_key ON codes (kid);

CREATE TABLE code_endings (
    code_id TEXT NOT NULL PRIMARY KEY REFERENCES codes (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    kind TEXT NOT NULL CHECK (kind IN ('replaced', 'revoked')),
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    replaced_by TEXT REFERENCES codes (id)
);

CREATE TABLE pins (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    hash TEXT NOT NULL,
    set_at TIMESTAMP NOT NULL,
    set_by TEXT NOT NULL
);
CREATE INDEX pins_by_enterprise ON pins (enterprise_id, set_at);

-- A device that proved the PIN. It is void once a newer PIN is set.
CREATE TABLE devices (
    token_hash TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    pin_id TEXT NOT NULL REFERENCES pins (id),
    proved_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    removed_at TIMESTAMP
);

-- Guesses at PINs and passwords. `who` is a keyed pseudonym, never an address.
CREATE TABLE attempts (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('pin', 'sign_in')),
    subject TEXT NOT NULL,
    who TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    succeeded BOOLEAN NOT NULL
);
CREATE INDEX attempts_by_subject ON attempts (kind, subject, at);

CREATE TABLE issues (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    number TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    category_id TEXT NOT NULL REFERENCES categories (id),
    channel_id TEXT NOT NULL REFERENCES channels (id),
    level TEXT NOT NULL CHECK (level IN ('town', 'county', 'city')),
    state TEXT NOT NULL CHECK (state IN ('submitted', 'need_info', 'rejected', 'accepted', 'assigned', 'return_requested', 'in_progress', 'case_conference', 'deferred', 'pending_review', 'closed', 'follow_up', 'rectifying', 'reopened', 'archived', 'withdrawn', 'merged')),
    is_open BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    submitted_at TIMESTAMP NOT NULL,
    submitted_by TEXT NOT NULL,
    accepted_at TIMESTAMP,
    lead_unit_id TEXT REFERENCES units (id),
    office_id TEXT REFERENCES offices (id),
    handler_id TEXT REFERENCES staff (id),
    first_due_on DATE,
    due_on DATE,
    due_at TIMESTAMP,
    provisional BOOLEAN NOT NULL,
    last_kind TEXT NOT NULL,
    last_at TIMESTAMP NOT NULL,
    closure_id TEXT
);
CREATE INDEX issues_of_enterprise ON issues (enterprise_id, is_open, last_at);
CREATE INDEX issues_by_due ON issues (is_open, due_at, id);
CREATE INDEX issues_of_unit ON issues (lead_unit_id, is_open, due_at, id);

CREATE TABLE assignments (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    part TEXT NOT NULL CHECK (part IN ('lead', 'assisting')),
    unit_id TEXT NOT NULL REFERENCES units (id),
    office_id TEXT REFERENCES offices (id),
    handler_id TEXT REFERENCES staff (id),
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX assignments_of_issue ON assignments (enterprise_id, issue_id, at);

CREATE TABLE extensions (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    from_on DATE NOT NULL,
    to_on DATE NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('higher_authority', 'cross_department', 'field_work', 'expert_review', 'legal_procedure', 'force_majeure')),
    note TEXT,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (enterprise_id, issue_id)
);

-- What the handler reported, waiting for or judged by the reviewer.
CREATE TABLE reports (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    result TEXT NOT NULL CHECK (result IN ('resolved', 'partly_resolved', 'explained', 'planned', 'unfounded', 'withdrawn')),
    reply TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX reports_of_issue ON reports (enterprise_id, issue_id, at);

-- Handler, unit and leader are frozen here: a later re-assignment moves no blame.
CREATE TABLE closures (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    result TEXT NOT NULL CHECK (result IN ('resolved', 'partly_resolved', 'explained', 'planned', 'unfounded', 'withdrawn')),
    reply TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES units (id),
    handler_id TEXT NOT NULL REFERENCES staff (id),
    first_due_on DATE NOT NULL,
    due_on DATE NOT NULL,
    rate_until DATE NOT NULL,
    UNIQUE (enterprise_id, issue_id, at)
);

CREATE TABLE ratings (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    closure_id TEXT NOT NULL REFERENCES closures (id),
    tier TEXT NOT NULL CHECK (tier IN ('unverified', 'owner')),
    round TEXT NOT NULL CHECK (round IN ('first', 'second', 'rectification')),
    verdict TEXT NOT NULL CHECK (verdict IN ('good', 'bad')),
    level TEXT CHECK (level IN ('very_satisfied', 'satisfied', 'basically_satisfied', 'dissatisfied', 'very_dissatisfied')),
    solved TEXT CHECK (solved IN ('yes', 'partly', 'no')),
    comment TEXT,
    tags TEXT NOT NULL,
    tags_version INTEGER NOT NULL,
    code_id TEXT NOT NULL REFERENCES codes (id),
    at TIMESTAMP NOT NULL,
    UNIQUE (closure_id, tier, round)
);
CREATE INDEX ratings_of_enterprise ON ratings (enterprise_id, closure_id);

-- Every deed is one row: who, when, what, why. `subject_id` is the issue, code or enterprise.
CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    subject_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT,
    note TEXT,
    detail TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (enterprise_id, subject_id, seq)
);

-- Answers kept for a repeated request with the same Idempotency-Key.
CREATE TABLE idempotency_keys (
    scope TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    answer TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    PRIMARY KEY (scope, key_hash)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (at);

-- What happened stays: these rows are only ever added, whoever holds the connection.
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'rows of events are append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'rows of events are append-only'); END;
CREATE TRIGGER ratings_no_update BEFORE UPDATE ON ratings BEGIN SELECT RAISE(ABORT, 'rows of ratings are append-only'); END;
CREATE TRIGGER ratings_no_delete BEFORE DELETE ON ratings BEGIN SELECT RAISE(ABORT, 'rows of ratings are append-only'); END;
CREATE TRIGGER closures_no_update BEFORE UPDATE ON closures BEGIN SELECT RAISE(ABORT, 'rows of closures are append-only'); END;
CREATE TRIGGER closures_no_delete BEFORE DELETE ON closures BEGIN SELECT RAISE(ABORT, 'rows of closures are append-only'); END;
CREATE TRIGGER assignments_no_update BEFORE UPDATE ON assignments BEGIN SELECT RAISE(ABORT, 'rows of assignments are append-only'); END;
CREATE TRIGGER assignments_no_delete BEFORE DELETE ON assignments BEGIN SELECT RAISE(ABORT, 'rows of assignments are append-only'); END;
CREATE TRIGGER extensions_no_update BEFORE UPDATE ON extensions BEGIN SELECT RAISE(ABORT, 'rows of extensions are append-only'); END;
CREATE TRIGGER extensions_no_delete BEFORE DELETE ON extensions BEGIN SELECT RAISE(ABORT, 'rows of extensions are append-only'); END;
CREATE TRIGGER reports_no_update BEFORE UPDATE ON reports BEGIN SELECT RAISE(ABORT, 'rows of reports are append-only'); END;
CREATE TRIGGER reports_no_delete BEFORE DELETE ON reports BEGIN SELECT RAISE(ABORT, 'rows of reports are append-only'); END;
CREATE TRIGGER code_endings_no_update BEFORE UPDATE ON code_endings BEGIN SELECT RAISE(ABORT, 'rows of code_endings are append-only'); END;
CREATE TRIGGER code_endings_no_delete BEFORE DELETE ON code_endings BEGIN SELECT RAISE(ABORT, 'rows of code_endings are append-only'); END;
CREATE TRIGGER pins_no_update BEFORE UPDATE ON pins BEGIN SELECT RAISE(ABORT, 'rows of pins are append-only'); END;
CREATE TRIGGER pins_no_delete BEFORE DELETE ON pins BEGIN SELECT RAISE(ABORT, 'rows of pins are append-only'); END;
CREATE TRIGGER codes_no_update BEFORE UPDATE ON codes BEGIN SELECT RAISE(ABORT, 'rows of codes are append-only'); END;
CREATE TRIGGER codes_no_delete BEFORE DELETE ON codes BEGIN SELECT RAISE(ABORT, 'rows of codes are append-only'); END;
