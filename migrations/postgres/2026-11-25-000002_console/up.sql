-- A browser's session at the console: the same session as any other of a
-- person, held by a cookie instead of tokens. Only the token's hash is kept.
CREATE TABLE console_sessions (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES staff_sessions (id),
    token_hash TEXT NOT NULL UNIQUE,
    seen_at TIMESTAMP NOT NULL,
    label TEXT NOT NULL
);

-- The lists of the console: each filter has an index in the order it is read.
CREATE INDEX issues_by_newest ON issues (submitted_at, id);
CREATE INDEX issues_by_state_newest ON issues (state, submitted_at, id);
CREATE INDEX issues_by_state_due ON issues (state, due_at, id);
CREATE INDEX issues_of_unit_newest ON issues (lead_unit_id, submitted_at, id);
CREATE INDEX issues_of_handler ON issues (handler_id, is_open, due_at, id);
CREATE INDEX issues_of_category ON issues (category_id, submitted_at, id);
CREATE INDEX issues_of_channel ON issues (channel_id, submitted_at, id);

-- The audit trail reads newest first, also of one person or one kind.
CREATE INDEX events_by_time ON events (at, id);
CREATE INDEX events_by_person ON events (by, at, id);
CREATE INDEX events_by_kind ON events (kind, at, id);
