-- Without these columns such a run would go on as one that issues codes to everybody.
UPDATE code_runs SET state = 'cancelled' WHERE state = 'issuing' AND (revokes IS NOT NULL OR compromised IS NOT NULL);
ALTER TABLE code_runs DROP COLUMN revokes;
ALTER TABLE code_runs DROP COLUMN compromised;
