DROP INDEX issues_by_submitter;
DROP TABLE attachments;
DROP INDEX enterprises_by_key_version;
ALTER TABLE enterprises DROP COLUMN key_version;
