-- The first time the enterprise heard from a unit that was given its issue. The
-- assignment of a lead unit says until when (due_at); none means that it was made
-- before there was such a limit.
CREATE TABLE first_contacts (
    assignment_id TEXT NOT NULL PRIMARY KEY REFERENCES assignments (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL
);
CREATE INDEX first_contacts_of_issue ON first_contacts (enterprise_id, issue_id, at);

CREATE TRIGGER first_contacts_append_only BEFORE UPDATE OR DELETE ON first_contacts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER first_contacts_no_truncate BEFORE TRUNCATE ON first_contacts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
