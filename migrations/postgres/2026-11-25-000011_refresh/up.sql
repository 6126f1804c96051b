-- A refresh token works once. One that comes a second time was copied: what was
-- exchanged is remembered as long as its session, and its second coming ends it.
CREATE TABLE spent_refresh_tokens (
    refresh_hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES staff_sessions (id),
    at TIMESTAMP NOT NULL
);
CREATE INDEX spent_refresh_tokens_of_session ON spent_refresh_tokens (session_id);

-- When a session of the API was last used; those of browsers note it themselves.
ALTER TABLE staff_sessions ADD COLUMN seen_at TIMESTAMP;
