-- `done` is the last month whose figures were exported.
INSERT INTO leases (name, holder, until, done) VALUES ('exports', '', '1970-01-01 00:00:00', '');
