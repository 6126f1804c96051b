DELETE FROM leases WHERE name = 'registers';
DROP TABLE enterprise_import_rows;
DROP TABLE enterprise_imports;
