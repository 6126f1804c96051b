-- What is entered in the log is told from its entries alone: a cursor is a row that anybody may change.
DROP TABLE ledger_cursors;

-- From when on the log takes in a kind of row. What was there before is entered whole, once.
CREATE TABLE ledger_openings (
    kind TEXT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL
);
CREATE TRIGGER ledger_openings_append_only BEFORE UPDATE OR DELETE ON ledger_openings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_openings_no_truncate BEFORE TRUNCATE ON ledger_openings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The log takes in catalogues of tags by the moment they were published.
ALTER TABLE rating_tags ADD COLUMN at TIMESTAMP NOT NULL DEFAULT '2026-01-01 00:00:00';
CREATE INDEX codes_by_moment ON codes (issued_at);
