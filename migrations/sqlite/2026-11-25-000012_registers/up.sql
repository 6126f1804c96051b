-- An import of enterprises is a record: who sent which file, how far it is, what
-- was found. A background job takes the file up where it stopped. The file itself
-- lies in the data folder until the import is over.
CREATE TABLE enterprise_imports (
    id TEXT NOT NULL PRIMARY KEY,
    file_name TEXT NOT NULL,
    file_hash TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('checking', 'checked', 'importing', 'done', 'failed', 'cancelled')),
    -- Rows with a warning are taken too.
    confirmed BOOLEAN NOT NULL,
    -- Rows below the heading, and the number of the last one that was handled.
    total INTEGER NOT NULL,
    through INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    same INTEGER NOT NULL,
    held INTEGER NOT NULL,
    bad INTEGER NOT NULL,
    failure TEXT,
    moved_at TIMESTAMP NOT NULL
);
CREATE INDEX enterprise_imports_by_state ON enterprise_imports (state, at);
CREATE INDEX enterprise_imports_by_time ON enterprise_imports (at, id);

-- What became of each row. Detail is what the finding speaks of: a place, a character, a row.
CREATE TABLE enterprise_import_rows (
    import_id TEXT NOT NULL REFERENCES enterprise_imports (id),
    line INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('fresh', 'changed', 'same', 'held', 'bad')),
    finding TEXT NOT NULL,
    detail TEXT NOT NULL,
    uscc TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);
CREATE INDEX enterprise_import_rows_by_verdict ON enterprise_import_rows (import_id, verdict, line);

INSERT INTO leases (name, holder, until, done) VALUES ('registers', '', '2000-01-01 00:00:00', '');
