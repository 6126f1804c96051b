-- Timed jobs, the inbox of staff, and the outbox of messages to the world.

-- Which process does a job, until when. `done` is what a job last finished, so
-- that it need not look again.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until TIMESTAMP NOT NULL,
    done TEXT NOT NULL
);
INSERT INTO leases (name, holder, until, done) VALUES
    ('clocks', '', '2026-01-01 00:00:00', ''),
    ('calendar', '', '2026-01-01 00:00:00', ''),
    ('post', '', '2026-01-01 00:00:00', ''),
    ('sweep', '', '2026-01-01 00:00:00', '');

-- Where a person is written to. No row: nowhere.
CREATE TABLE staff_mail (
    staff_id TEXT NOT NULL PRIMARY KEY REFERENCES staff (id),
    address TEXT NOT NULL,
    set_at TIMESTAMP NOT NULL,
    set_by TEXT NOT NULL
);

-- The inbox: what a person has to know. Written with the event.
CREATE TABLE notices (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL REFERENCES staff (id),
    event_id TEXT NOT NULL REFERENCES events (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    clock TEXT,
    at TIMESTAMP NOT NULL,
    read_at TIMESTAMP,
    UNIQUE (staff_id, event_id)
);
CREATE INDEX notices_of_person ON notices (staff_id, id);
CREATE INDEX notices_unread ON notices (staff_id, read_at, id);

-- Systems that are told what happened. The signing secret is not here: it is
-- derived from the session key, this id and the turn.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,
    turn INTEGER NOT NULL,
    made_at TIMESTAMP NOT NULL,
    made_by TEXT NOT NULL,
    paused_at TIMESTAMP,
    removed_at TIMESTAMP
);

-- What leaves the house, written with the event and kept until it is delivered
-- or given up. `target` is a webhook or a person; `next_try_at` is empty when
-- nothing is left to do.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('webhook', 'email')),
    target TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event_kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    next_try_at TIMESTAMP,
    tries INTEGER NOT NULL,
    delivered_at TIMESTAMP,
    failed_at TIMESTAMP,
    last_error TEXT,
    UNIQUE (kind, target, event_id)
);
CREATE INDEX outbox_by_next ON outbox (next_try_at, id);
CREATE INDEX outbox_of_target ON outbox (kind, target, id);
CREATE INDEX outbox_by_age ON outbox (made_at);

-- Which limit a step of the chain was about; with kind and unit, its name.
ALTER TABLE supervisions ADD COLUMN limit_at TIMESTAMP;
CREATE UNIQUE INDEX supervisions_once ON supervisions (issue_id, kind, clock, unit_id, limit_at);

-- From what a provisional promise was counted, so that it can be counted again
-- when the calendar is published.
CREATE TABLE promises (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    from_on DATE NOT NULL,
    working_days INTEGER NOT NULL,
    due_on DATE NOT NULL,
    first_working_days INTEGER,
    at TIMESTAMP NOT NULL
);
CREATE INDEX promises_of_issue ON promises (enterprise_id, issue_id, at);

CREATE TRIGGER promises_append_only BEFORE UPDATE OR DELETE ON promises FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER promises_no_truncate BEFORE TRUNCATE ON promises FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
