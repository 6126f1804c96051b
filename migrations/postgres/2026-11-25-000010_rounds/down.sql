ALTER TABLE extensions DROP CONSTRAINT extensions_enterprise_id_issue_id_round_key;
ALTER TABLE extensions DROP COLUMN round;
ALTER TABLE extensions ADD UNIQUE (enterprise_id, issue_id);
ALTER TABLE requests DROP COLUMN round;
