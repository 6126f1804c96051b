-- An issue that was reopened is handled under a new promise: what may be asked
-- for and granted once is counted by the round.
ALTER TABLE requests ADD COLUMN round INTEGER NOT NULL DEFAULT 1;

ALTER TABLE extensions ADD COLUMN round INTEGER NOT NULL DEFAULT 1;
ALTER TABLE extensions DROP CONSTRAINT extensions_enterprise_id_issue_id_key;
ALTER TABLE extensions ADD UNIQUE (enterprise_id, issue_id, round);
