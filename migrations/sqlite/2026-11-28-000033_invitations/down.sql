DROP TABLE rating_proofs;
DROP TABLE rating_reminders;
DROP TABLE rating_invitations;
DELETE FROM leases WHERE name = 'invitations';
ALTER TABLE issue_contacts DROP COLUMN email;
-- What came without a code has no place in the older schema.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE ratings_before AS SELECT * FROM ratings WHERE code_id IS NOT NULL;
DROP TABLE ratings;
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
INSERT INTO ratings SELECT id, enterprise_id, issue_id, closure_id, tier, round, verdict, level, solved, comment, tags, tags_version, code_id, at FROM ratings_before;
DROP TABLE ratings_before;
CREATE INDEX ratings_of_enterprise ON ratings (enterprise_id, closure_id);
CREATE INDEX ratings_by_time ON ratings (at, id);
CREATE TRIGGER ratings_no_update BEFORE UPDATE ON ratings BEGIN SELECT RAISE(ABORT, 'rows of ratings are append-only'); END;
CREATE TRIGGER ratings_no_delete BEFORE DELETE ON ratings BEGIN SELECT RAISE(ABORT, 'rows of ratings are append-only'); END;
