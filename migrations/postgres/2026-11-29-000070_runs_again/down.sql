ALTER TABLE code_runs DROP COLUMN revokes;
ALTER TABLE code_runs DROP COLUMN compromised;
