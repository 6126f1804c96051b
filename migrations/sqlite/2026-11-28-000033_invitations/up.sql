-- Whoever gets the link of an invitation rates one closure once, without the PIN. The
-- token of the link is derived from a key outside the database and is stored nowhere.
CREATE TABLE rating_invitations (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    closure_id TEXT NOT NULL REFERENCES closures (id),
    until DATE NOT NULL,
    at TIMESTAMP NOT NULL,
    UNIQUE (closure_id)
);
CREATE INDEX rating_invitations_by_time ON rating_invitations (at, id);

-- One reminder, whatever the number of processes.
CREATE TABLE rating_reminders (
    invitation_id TEXT NOT NULL PRIMARY KEY REFERENCES rating_invitations (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    at TIMESTAMP NOT NULL
);

INSERT INTO leases (name, holder, until, done) VALUES ('invitations', '', '2000-01-01 00:00:00', '');

-- Where the contact of an issue is written to, if he wants it.
ALTER TABLE issue_contacts ADD COLUMN email TEXT;

-- A rating by call-back has a tier of its own; it and one by invitation come without a code.
-- What points at a rating is checked when all of this is done.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE ratings_before AS SELECT * FROM ratings;
DROP TABLE ratings;
CREATE TABLE ratings (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    closure_id TEXT NOT NULL REFERENCES closures (id),
    tier TEXT NOT NULL CHECK (tier IN ('unverified', 'owner', 'call_back')),
    round TEXT NOT NULL CHECK (round IN ('first', 'second', 'rectification')),
    verdict TEXT NOT NULL CHECK (verdict IN ('good', 'bad')),
    level TEXT CHECK (level IN ('very_satisfied', 'satisfied', 'basically_satisfied', 'dissatisfied', 'very_dissatisfied')),
    solved TEXT CHECK (solved IN ('yes', 'partly', 'no')),
    comment TEXT,
    tags TEXT NOT NULL,
    tags_version INTEGER NOT NULL,
    code_id TEXT REFERENCES codes (id),
    at TIMESTAMP NOT NULL,
    UNIQUE (closure_id, tier, round)
);
INSERT INTO ratings SELECT id, enterprise_id, issue_id, closure_id, tier, round, verdict, level, solved, comment, tags, tags_version, code_id, at FROM ratings_before;
DROP TABLE ratings_before;
CREATE INDEX ratings_of_enterprise ON ratings (enterprise_id, closure_id);
CREATE INDEX ratings_by_time ON ratings (at, id);
CREATE TRIGGER ratings_no_update BEFORE UPDATE ON ratings BEGIN SELECT RAISE(ABORT, 'rows of ratings are append-only'); END;
CREATE TRIGGER ratings_no_delete BEFORE DELETE ON ratings BEGIN SELECT RAISE(ABORT, 'rows of ratings are append-only'); END;

-- What stood behind a rating where it was neither the code alone nor the PIN.
CREATE TABLE rating_proofs (
    rating_id TEXT NOT NULL PRIMARY KEY REFERENCES ratings (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    proof TEXT NOT NULL CHECK (proof IN ('invitation', 'call_back')),
    invitation_id TEXT REFERENCES rating_invitations (id),
    officer_id TEXT REFERENCES staff (id),
    at TIMESTAMP NOT NULL,
    CHECK ((proof = 'invitation') = (invitation_id IS NOT NULL)),
    CHECK ((proof = 'call_back') = (officer_id IS NOT NULL))
);

CREATE TRIGGER rating_invitations_no_update BEFORE UPDATE ON rating_invitations BEGIN SELECT RAISE(ABORT, 'rows of rating_invitations are append-only'); END;
CREATE TRIGGER rating_invitations_no_delete BEFORE DELETE ON rating_invitations BEGIN SELECT RAISE(ABORT, 'rows of rating_invitations are append-only'); END;
CREATE TRIGGER rating_proofs_no_update BEFORE UPDATE ON rating_proofs BEGIN SELECT RAISE(ABORT, 'rows of rating_proofs are append-only'); END;
CREATE TRIGGER rating_proofs_no_delete BEFORE DELETE ON rating_proofs BEGIN SELECT RAISE(ABORT, 'rows of rating_proofs are append-only'); END;
CREATE TRIGGER rating_reminders_no_update BEFORE UPDATE ON rating_reminders BEGIN SELECT RAISE(ABORT, 'rows of rating_reminders are append-only'); END;
CREATE TRIGGER rating_reminders_no_delete BEFORE DELETE ON rating_reminders BEGIN SELECT RAISE(ABORT, 'rows of rating_reminders are append-only'); END;
