-- The lists behind the figures are read a page at a time, each page a short range of an index, however many issues there are.
-- The ratings of one unit, by when its closures were made.
CREATE INDEX closures_of_unit ON closures (unit_id, at, id);
-- What was promised for a day and closed after it: what was kept is passed over in the index.
CREATE INDEX closures_by_due_closed ON closures (due_on, at);
CREATE INDEX closures_by_first_due_closed ON closures (first_due_on, at);
-- What was promised for a day and is not closed.
CREATE INDEX issues_by_due_state ON issues (due_on, state);
CREATE INDEX issues_by_first_due_state ON issues (first_due_on, state);
-- Appeals, and ratings by a link that a webhook carried, newest first.
CREATE INDEX rating_appeals_by_time ON rating_appeals (at, id);
CREATE INDEX rating_proofs_carried ON rating_proofs (at, rating_id) WHERE webhook_id IS NOT NULL;
-- Each of these is the beginning of one of the new ones.
DROP INDEX closures_by_due;
DROP INDEX closures_by_first_due;
DROP INDEX issues_by_due_day;
DROP INDEX issues_by_first_due_day;
