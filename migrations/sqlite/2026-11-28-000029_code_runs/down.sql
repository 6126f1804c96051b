DELETE FROM leases WHERE name = 'issuing';
DROP TABLE code_run_lines;
DROP TABLE code_runs;
