CREATE TABLE extensions_once (
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
INSERT INTO extensions_once (id, enterprise_id, issue_id, from_on, to_on, reason, note, at, by)
    SELECT id, enterprise_id, issue_id, from_on, to_on, reason, note, at, by FROM extensions;
DROP TABLE extensions;
ALTER TABLE extensions_once RENAME TO extensions;
CREATE TRIGGER extensions_no_update BEFORE UPDATE ON extensions BEGIN SELECT RAISE(ABORT, 'rows of extensions are append-only'); END;
CREATE TRIGGER extensions_no_delete BEFORE DELETE ON extensions BEGIN SELECT RAISE(ABORT, 'rows of extensions are append-only'); END;
ALTER TABLE requests DROP COLUMN round;
