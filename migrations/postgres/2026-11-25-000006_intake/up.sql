-- Intake: how enterprises are found, and what is attached to issues.

-- By which rule the search key was made; an older one is made again at the start.
ALTER TABLE enterprises ADD COLUMN key_version INTEGER NOT NULL DEFAULT 0;
CREATE INDEX enterprises_by_key_version ON enterprises (key_version, id);

-- The file itself lies in the data folder under its SHA-256. What staff attach for
-- themselves is not for the owner. The same file twice on one issue is one row.
CREATE TABLE attachments (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    hash TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('png', 'jpeg', 'webp', 'pdf')),
    size INTEGER NOT NULL,
    for_owner BOOLEAN NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (issue_id, hash)
);
CREATE INDEX attachments_of_issue ON attachments (enterprise_id, issue_id, at);

-- The owner's page asks how many an enterprise raised today.
CREATE INDEX issues_by_submitter ON issues (enterprise_id, submitted_by, submitted_at);

CREATE TRIGGER attachments_append_only BEFORE UPDATE OR DELETE ON attachments FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER attachments_no_truncate BEFORE TRUNCATE ON attachments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
