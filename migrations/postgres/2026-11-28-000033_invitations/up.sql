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
ALTER TABLE ratings DROP CONSTRAINT ratings_tier_check;
ALTER TABLE ratings ADD CONSTRAINT ratings_tier_check CHECK (tier IN ('unverified', 'owner', 'call_back'));
ALTER TABLE ratings ALTER COLUMN code_id DROP NOT NULL;

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

CREATE TRIGGER rating_invitations_append_only BEFORE UPDATE OR DELETE ON rating_invitations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_invitations_no_truncate BEFORE TRUNCATE ON rating_invitations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_proofs_append_only BEFORE UPDATE OR DELETE ON rating_proofs FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_proofs_no_truncate BEFORE TRUNCATE ON rating_proofs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_reminders_append_only BEFORE UPDATE OR DELETE ON rating_reminders FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_reminders_no_truncate BEFORE TRUNCATE ON rating_reminders FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
