-- What decides rights and figures, and changes: settings, the calendar, roles, units, categories, tokens and their like. The
-- rows themselves are in no log. What each said after a deed, or that it was gone, is written down here, in the same
-- transaction, and only ever added: a row that differs from its newest fact was changed by somebody else.
-- What is there before this table is written down once by the server, at its next start, together with one fact without a key
-- for each table: from then on nothing is taken over any more.
CREATE TABLE state_facts (
    -- Begins with the time, as all ids do.
    id TEXT NOT NULL PRIMARY KEY,
    -- The table that the row is of.
    table_name TEXT NOT NULL,
    -- What names the row there: its key; of several columns, their values with / between.
    row_key TEXT NOT NULL,
    -- 1, 2, 3 … of each row; 0 of the fact without a key.
    version INTEGER NOT NULL,
    -- Whether the row was still as the fact before had it when this deed was done.
    fits BOOLEAN NOT NULL,
    -- The row was taken away.
    gone BOOLEAN NOT NULL,
    -- Its columns as JSON, names in the order of their bytes; what is personal or secret as a hash. Of a row that is gone: {}.
    content TEXT NOT NULL,
    UNIQUE (table_name, row_key, version)
);
CREATE TRIGGER state_facts_no_update BEFORE UPDATE ON state_facts BEGIN SELECT RAISE(ABORT, 'rows of state_facts are append-only'); END;
CREATE TRIGGER state_facts_no_delete BEFORE DELETE ON state_facts BEGIN SELECT RAISE(ABORT, 'rows of state_facts are append-only'); END;
CREATE TRIGGER state_facts_no_replace BEFORE INSERT ON state_facts WHEN EXISTS (SELECT 1 FROM state_facts WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM state_facts WHERE table_name = NEW.table_name AND row_key = NEW.row_key AND version = NEW.version) OR EXISTS (SELECT 1 FROM state_facts WHERE rowid = NEW.rowid) BEGIN SELECT RAISE(ABORT, 'rows of state_facts are append-only: this one is there already'); END;
