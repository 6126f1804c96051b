-- Every list of issues is a range of an index in the order in which it is shown: those of a category,
-- a channel and a level by their limits as well, those of a handler, a level and what is open by their day.
CREATE INDEX issues_of_category_due ON issues (category_id, is_open, limit_at, id);
CREATE INDEX issues_of_channel_due ON issues (channel_id, is_open, limit_at, id);
CREATE INDEX issues_of_level ON issues (level, is_open, limit_at, id);
CREATE INDEX issues_of_level_newest ON issues (level, submitted_at, id);
CREATE INDEX issues_by_open_newest ON issues (is_open, submitted_at, id);
CREATE INDEX issues_of_handler_newest ON issues (handler_id, submitted_at, id);

-- What stands now of records that are only ever added to, so that nobody has to look through all
-- that there ever was: requests that wait for a ruling, and the units that assist.
CREATE TABLE waiting_requests (
    request_id TEXT NOT NULL PRIMARY KEY REFERENCES requests (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id)
);
CREATE INDEX waiting_requests_of_issue ON waiting_requests (issue_id);
INSERT INTO waiting_requests (request_id, enterprise_id, issue_id)
    SELECT r.id, r.enterprise_id, r.issue_id FROM requests r
    WHERE NOT EXISTS (SELECT 1 FROM rulings u WHERE u.request_id = r.id);

CREATE TABLE assisting_units (
    assignment_id TEXT NOT NULL PRIMARY KEY REFERENCES assignments (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    issue_id TEXT NOT NULL REFERENCES issues (id),
    unit_id TEXT NOT NULL REFERENCES units (id),
    is_open BOOLEAN NOT NULL
);
CREATE INDEX assisting_units_by_unit ON assisting_units (unit_id, is_open, issue_id);
CREATE INDEX assisting_units_of_issue ON assisting_units (enterprise_id, issue_id);
INSERT INTO assisting_units (assignment_id, enterprise_id, issue_id, unit_id, is_open)
    SELECT a.id, a.enterprise_id, a.issue_id, a.unit_id, i.is_open
    FROM assignments a JOIN issues i ON i.id = a.issue_id
    WHERE a.part = 'assisting' AND NOT EXISTS (SELECT 1 FROM assist_endings e WHERE e.assignment_id = a.id);
