-- People, rights and administration. Whoever acts for units beside the one of
-- his desk has them here; what an administrator does is one row of admin_events.

CREATE TABLE staff_units (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    PRIMARY KEY (staff_id, unit_id)
);

-- The secret is sealed under a key of the session secret; last_step stops a code from working twice.
CREATE TABLE staff_totp (
    staff_id TEXT NOT NULL PRIMARY KEY REFERENCES staff (id),
    secret TEXT NOT NULL,
    begun_at TIMESTAMP NOT NULL,
    enrolled_at TIMESTAMP,
    last_step BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    code_hash TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    PRIMARY KEY (staff_id, code_hash)
);

-- stage: what a session may do before the second factor is proved or enrolled. `place` is a masked address.
ALTER TABLE staff_sessions ADD COLUMN stage TEXT NOT NULL DEFAULT 'full' CHECK (stage IN ('full', 'second_factor', 'enrolment'));
ALTER TABLE staff_sessions ADD COLUMN place TEXT NOT NULL DEFAULT '';
CREATE INDEX staff_sessions_of_person ON staff_sessions (staff_id, ended_at);

-- A browser that signed in once; guesses of strangers do not lock it out.
CREATE TABLE staff_devices (
    token_hash TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    proved_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

-- Links that work once: the first set-up (nobody's yet), and setting a password.
CREATE TABLE one_time_links (
    token_hash TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'password')),
    staff_id TEXT REFERENCES staff (id),
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);

-- Tokens of channel systems; only the fingerprint is kept.
CREATE TABLE api_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    channel_id TEXT REFERENCES channels (id),
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    last_used_on DATE,
    revoked_at TIMESTAMP
);

ALTER TABLE units ADD COLUMN closed_at TIMESTAMP;
ALTER TABLE offices ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE offices ADD COLUMN closed_at TIMESTAMP;
ALTER TABLE channels ADD COLUMN retired_at TIMESTAMP;
ALTER TABLE categories ADD COLUMN parent_id TEXT REFERENCES categories (id);
ALTER TABLE categories ADD COLUMN retired_at TIMESTAMP;

-- What may be changed at run time; a key that is missing has its value from the settings file.
CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    set_at TIMESTAMP NOT NULL,
    set_by TEXT NOT NULL
);

-- Deeds of administration belong to no enterprise, so they are not in `events`.
CREATE TABLE admin_events (
    id TEXT NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX admin_events_of_subject ON admin_events (subject_kind, subject_id, id);
CREATE TRIGGER admin_events_append_only BEFORE UPDATE OR DELETE ON admin_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER admin_events_no_truncate BEFORE TRUNCATE ON admin_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
