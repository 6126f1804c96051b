DROP INDEX codes_by_time;
DROP TABLE code_scans;
DROP TABLE code_resumptions;
DROP TABLE code_suspensions;
DROP INDEX code_endings_by_time;
ALTER TABLE code_endings DROP COLUMN reason_code;
