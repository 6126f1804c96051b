DROP INDEX rating_proofs_carried;
DROP INDEX rating_appeals_by_time;
DROP INDEX issues_by_first_due_state;
DROP INDEX issues_by_due_state;
DROP INDEX closures_by_first_due_closed;
DROP INDEX closures_by_due_closed;
DROP INDEX closures_of_unit;
