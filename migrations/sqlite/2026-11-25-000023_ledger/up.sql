-- The tamper-evident log: one entry for each row that is only ever added. An
-- entry is a leaf of a Merkle tree (RFC 6962); what it holds is computed again
-- from the row, personal columns as salted commitments.
CREATE TABLE ledger_entries (
    position BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    row_id TEXT NOT NULL,
    leaf TEXT NOT NULL,
    UNIQUE (kind, row_id)
);
-- Erasing a salt makes a text unprovable; the tree stays as it is.
CREATE TABLE ledger_salts (
    kind TEXT NOT NULL,
    row_id TEXT NOT NULL,
    salt TEXT NOT NULL,
    PRIMARY KEY (kind, row_id)
);
-- Every node of the tree, in the order of "stored hash indexes".
CREATE TABLE ledger_nodes (
    place BIGINT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL
);
-- The signed heads, each with the number of entries below it.
CREATE TABLE ledger_heads (
    size BIGINT NOT NULL PRIMARY KEY,
    root TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
-- Up to which id the rows of a kind were looked at.
CREATE TABLE ledger_cursors (
    kind TEXT NOT NULL PRIMARY KEY,
    row_id TEXT NOT NULL
);

CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'rows of ledger_entries are append-only'); END;
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'rows of ledger_entries are append-only'); END;
CREATE TRIGGER ledger_nodes_no_update BEFORE UPDATE ON ledger_nodes BEGIN SELECT RAISE(ABORT, 'rows of ledger_nodes are append-only'); END;
CREATE TRIGGER ledger_nodes_no_delete BEFORE DELETE ON ledger_nodes BEGIN SELECT RAISE(ABORT, 'rows of ledger_nodes are append-only'); END;
CREATE TRIGGER ledger_heads_no_update BEFORE UPDATE ON ledger_heads BEGIN SELECT RAISE(ABORT, 'rows of ledger_heads are append-only'); END;
CREATE TRIGGER ledger_heads_no_delete BEFORE DELETE ON ledger_heads BEGIN SELECT RAISE(ABORT, 'rows of ledger_heads are append-only'); END;

INSERT INTO leases (name, holder, until, done) VALUES ('ledger', '', '1970-01-01 00:00:00', '');
