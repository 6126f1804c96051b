-- When the first running limit of an issue ends: accept, sign, first contact,
-- reply, close, review, put right … It is an index of what is computed from the
-- record, for lists and lamps. next_at beside it is when the clock acts next.
ALTER TABLE issues DROP COLUMN next_clock;
ALTER TABLE issues ADD COLUMN limit_at TIMESTAMP;

DROP INDEX issues_by_due;
DROP INDEX issues_of_unit;
DROP INDEX issues_by_state_due;
DROP INDEX issues_of_handler;
CREATE INDEX issues_by_limit ON issues (is_open, limit_at, id);
CREATE INDEX issues_of_unit ON issues (lead_unit_id, is_open, limit_at, id);
CREATE INDEX issues_by_state_limit ON issues (state, limit_at, id);
CREATE INDEX issues_of_handler ON issues (handler_id, is_open, limit_at, id);
-- Closed issues that are put right or checked have a limit too; all others have none.
CREATE INDEX issues_running ON issues (limit_at, id) WHERE limit_at IS NOT NULL;
CREATE INDEX issues_running_of_unit ON issues (lead_unit_id, limit_at, id) WHERE limit_at IS NOT NULL;
CREATE INDEX issues_running_of_handler ON issues (handler_id, limit_at, id) WHERE limit_at IS NOT NULL;
-- Which files are still attached to something.
CREATE INDEX attachments_by_hash ON attachments (hash);
