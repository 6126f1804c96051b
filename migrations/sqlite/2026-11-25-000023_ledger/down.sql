DELETE FROM leases WHERE name = 'ledger';
DROP TABLE ledger_cursors;
DROP TABLE ledger_heads;
DROP TABLE ledger_nodes;
DROP TABLE ledger_salts;
DROP TABLE ledger_entries;
