DROP INDEX codes_by_moment;
ALTER TABLE rating_tags DROP COLUMN at;
DROP TABLE ledger_openings;
CREATE TABLE ledger_cursors (
    kind TEXT NOT NULL PRIMARY KEY,
    row_id TEXT NOT NULL
);
